/** Writing a backup: the rows of one moment, as canonical CBOR in chunks, sealed under the passphrase (PROTOCOL, Backup). */
import { encodeCbor } from "../codec/cbor.ts";
import { inSlices } from "../log/slices.ts";
import type { Store } from "../store/store.ts";
import { type BackupParts, MAX_CHUNK_BYTES, sealFile } from "./backup-file.ts";
import { BACKUP_TABLES, type BackupRow, readBackupRows } from "./backup-tables.ts";

/** What the head of an array of rows takes at most. */
const ARRAY_HEAD_BYTES = 5;

/** The parts of the file, in order. */
export async function exportBackup(
  store: Store,
  parts: BackupParts,
  passphrase: string,
): Promise<readonly Uint8Array[]> {
  const rows = await store.read(BACKUP_TABLES, readBackupRows);
  if (rows === undefined) throw new Error("there is no profile to back up");
  const groups: BackupRow[][] = [];
  let room = 0;
  await inSlices(parts.clock, rows, (row) => {
    const { length } = encodeCbor(row);
    if (length > room) {
      groups.push([]);
      room = MAX_CHUNK_BYTES - ARRAY_HEAD_BYTES;
    }
    groups.at(-1)?.push(row);
    room -= length;
  });
  const chunks: Uint8Array[] = [];
  await inSlices(parts.clock, groups, (group) => {
    chunks.push(encodeCbor(group));
  });
  return sealFile(parts, passphrase, chunks);
}
