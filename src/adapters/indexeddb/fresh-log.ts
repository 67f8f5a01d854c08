/**
 * Keeps Chromium from losing everything after a kill or a full disk. Its database appends to a log; where the last record was cut off in
 * the writing, the next start goes on behind it, and the start after that takes the whole for damaged and deletes all databases of the
 * origin (google/leveldb#1287). A log in which nothing was cut off has no such end: the deletion of any database begins one.
 */
import { deleteDB, openDB } from "idb";

/** Resolves when a new log is in use; elsewhere than in Chromium this does nothing. Rejects where nothing can be written. */
export async function beginFreshLog(scratchName: string): Promise<void> {
  const scratch = await openDB(scratchName, 1, { upgrade: (database) => void database.createObjectStore("scratch") });
  scratch.close();
  await deleteDB(scratchName);
}
