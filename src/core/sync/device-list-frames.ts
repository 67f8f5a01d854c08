/** Frames by which members of a group level the device lists that they hold (PROTOCOL, Device lists of members). */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, hexToBytes } from "../codec/bytes.ts";

/** More than these are compared in part. */
const MAX_LIST_ROWS = 1_000;
export const LISTS_DIGEST_BYTES = 8;

/** One account's list. Prefixes as hex. */
export interface ListRow {
  /** First 8 bytes of the account id. */
  readonly account: string;
  readonly number: number;
  /** First 4 bytes of the hash of the list, and of the last one before that names former devices. */
  readonly prefix: string;
}

export interface ListsHeld {
  readonly digest: Uint8Array;
  /** Left out where the digest may be enough. */
  readonly rows?: readonly ListRow[];
}

/** (account 8 | number 4 | hash 4)… */
export function encodeListRows(rows: readonly ListRow[]): Uint8Array {
  const writer = new ByteWriter();
  for (const { account, number, prefix } of rows) {
    writer.fixed(hexToBytes(account, 8), 8).uint(number, 4).fixed(hexToBytes(prefix, 4), 4);
  }
  return writer.finish();
}

/** digest 8 | nothing, or count 2 (at most 1,000) | row … */
export function encodeListsHeld({ digest, rows }: ListsHeld): Uint8Array {
  const writer = new ByteWriter().fixed(digest, LISTS_DIGEST_BYTES);
  if (rows === undefined) return writer.finish();
  const told = rows.slice(0, MAX_LIST_ROWS);
  const encoded = encodeListRows(told);
  return writer.uint(told.length, 2).fixed(encoded, encoded.length).finish();
}

/** @throws DecodeError */
export function decodeListsHeld(bytes: Uint8Array): ListsHeld {
  const reader = new ByteReader(bytes);
  const digest = reader.fixed(LISTS_DIGEST_BYTES);
  if (reader.remaining === 0) return { digest };
  const rows = Array.from({ length: reader.uint(2, MAX_LIST_ROWS) }, () => ({
    account: bytesToHex(reader.fixed(8)),
    number: reader.uint(4),
    prefix: bytesToHex(reader.fixed(4)),
  }));
  reader.end();
  return { digest, rows };
}
