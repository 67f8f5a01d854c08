/** Frames by which operations are asked for that known ones rest on (PROTOCOL, Forks). They come as entries do. */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, hexToBytes } from "../codec/bytes.ts";
import type { EntryId } from "../codec/ids.ts";

/** Asked for at once. */
export const MAX_WANTED_OPERATIONS = 64;

/** count 1 (1 to 64) | entry id 32 … */
export function encodeOperationsWanted(ids: readonly EntryId[]): Uint8Array {
  const writer = new ByteWriter().uint(ids.length, 1);
  for (const id of ids) writer.fixed(hexToBytes(id, 32), 32);
  return writer.finish();
}

/** @throws DecodeError */
export function decodeOperationsWanted(bytes: Uint8Array): readonly EntryId[] {
  const reader = new ByteReader(bytes);
  const count = reader.uint(1, MAX_WANTED_OPERATIONS);
  const ids = Array.from({ length: count }, () => bytesToHex(reader.fixed(32)) as EntryId);
  reader.end();
  return ids;
}
