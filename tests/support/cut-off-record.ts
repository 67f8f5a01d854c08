/**
 * What a browser leaves of its database when it is killed in the middle of a write, or the disk is full then: a record whose head stands
 * in the log and whose body does not (LevelDB's doc/log_format.md). Nothing that was stored before it is touched.
 */
import { appendFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const BLOCK_BYTES = 32_768;
const HEAD_BYTES = 7;
const WHOLE_RECORD = 1;
const LOST_BODY_BYTES = 100;

/** The browser of that profile must not be running. Throws if it has no database in LevelDB. */
export function leaveCutOffRecord(profileFolder: string): void {
  const log = newestLog(join(profileFolder, "Default", "IndexedDB"));
  const left = BLOCK_BYTES - (statSync(log).size % BLOCK_BYTES);
  // No head stands across two blocks.
  const gap = left > HEAD_BYTES ? 0 : left;
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16LE(Math.min(LOST_BODY_BYTES, BLOCK_BYTES - HEAD_BYTES, gap === 0 ? left - HEAD_BYTES : Infinity), 4);
  head.writeUInt8(WHOLE_RECORD, 6);
  appendFileSync(log, Buffer.concat([Buffer.alloc(gap), head]));
}

function newestLog(folder: string): string {
  const logs = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.leveldb\/\d+\.log$/.test(path),
  );
  const newest = logs.toSorted().at(-1);
  if (newest === undefined) throw new Error("This browser keeps no log of a LevelDB");
  return join(folder, newest);
}
