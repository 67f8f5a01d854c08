/**
 * The bytes of a backup (PROTOCOL, Backup): a header in clear, then sealed chunks. Each chunk is bound to the header, to its place and to
 * whether it is the last, so that none can be changed, moved, left out or added.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { concatBytes, equalBytes, textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import { MAX_BACKUP_BYTES } from "../codec/limits.ts";
import type { Clock } from "../clock.ts";
import type { Suite } from "../crypto/suite.ts";
import { inSlices } from "../log/slices.ts";
import type { StretchCost, StretchPassphrase } from "../vault/ports.ts";

/** Of one chunk before it is sealed. */
export const MAX_CHUNK_BYTES = 256 * 1024;

const MAGIC = textToBytes("KITHBKUP");
const VERSION = 1;
const COST: StretchCost = { memoryKib: 64 * 1024, passes: 3 };
/** What a file may ask of this device. */
const MAX_COST: StretchCost = { memoryKib: 256 * 1024, passes: 10 };
const SALT_BYTES = 16;
const NONCE_BYTES = 19;
const KEY_BYTES = 32;
const KEY_CHECK_BYTES = 16;
const SUM_BYTES = 8;
const TAG_BYTES = 16;
const HEADER_BYTES = MAGIC.length + 1 + 4 + 1 + SALT_BYTES + NONCE_BYTES + KEY_CHECK_BYTES + SUM_BYTES;
const KEY_INFO = textToBytes("kith/backup/key/1");
const KEY_CHECK_INFO = textToBytes("kith/backup/check/1");

export interface BackupParts {
  readonly suite: Suite;
  readonly clock: Pick<Clock, "monotonic" | "pause">;
  readonly stretch: StretchPassphrase;
}

export type OpenedFile =
  | { readonly kind: "opened"; readonly chunks: readonly Uint8Array[] }
  | { readonly kind: "foreign" | "newer" | "damaged" | "wrong-passphrase" | "too-large" };

/** Header and sealed chunks, in order. There is at least one chunk. */
export async function sealFile(
  { suite, clock, stretch }: BackupParts,
  passphrase: string,
  chunks: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> {
  const salt = suite.random(SALT_BYTES);
  const nonce = suite.random(NONCE_BYTES);
  const { key, check } = keysOf(suite, await stretch(passphraseBytes(passphrase), salt, COST));
  const fields = new ByteWriter()
    .fixed(MAGIC, MAGIC.length)
    .uint(VERSION, 1)
    .uint(COST.memoryKib, 4)
    .uint(COST.passes, 1)
    .fixed(salt, SALT_BYTES)
    .fixed(nonce, NONCE_BYTES)
    .fixed(check, KEY_CHECK_BYTES)
    .finish();
  const header = concatBytes(fields, sumOf(suite, fields));
  const file = [header];
  await inSlices(clock, chunks.entries(), ([index, chunk]) => {
    if (chunk.length > MAX_CHUNK_BYTES) throw new RangeError("a chunk of a backup is too long");
    const sealed = suite.xEncrypt(key, chunkNonce(nonce, index, index === chunks.length - 1), header, chunk);
    file.push(new ByteWriter().uint(sealed.length, 4).fixed(sealed, sealed.length).finish());
  });
  return file;
}

export async function openFile(
  { suite, clock, stretch }: BackupParts,
  passphrase: string,
  file: Uint8Array,
): Promise<OpenedFile> {
  if (!equalBytes(file.subarray(0, MAGIC.length), MAGIC)) return { kind: "foreign" };
  const version = file[MAGIC.length] ?? 0;
  if (version > VERSION) return { kind: "newer" };
  if (file.length > MAX_BACKUP_BYTES) return { kind: "too-large" };
  const header = version === VERSION ? readHeader(suite, file) : undefined;
  const sealed = header && readChunks(file);
  if (header === undefined || sealed === undefined) return { kind: "damaged" };
  const { key, check } = keysOf(suite, await stretch(passphraseBytes(passphrase), header.salt, header.cost));
  if (!equalBytes(check, header.check)) return { kind: "wrong-passphrase" };
  const chunks: Uint8Array[] = [];
  await inSlices(clock, sealed.entries(), ([index, bytes]) => {
    const nonce = chunkNonce(header.nonce, index, index === sealed.length - 1);
    const chunk = suite.xDecrypt(key, nonce, file.subarray(0, HEADER_BYTES), bytes);
    if (chunk !== undefined) chunks.push(chunk);
  });
  return chunks.length === sealed.length ? { kind: "opened", chunks } : { kind: "damaged" };
}

interface Header {
  readonly cost: StretchCost;
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  readonly check: Uint8Array;
}

/** Undefined if it is damaged, which its sum tells apart from a wrong passphrase. */
function readHeader(suite: Suite, file: Uint8Array): Header | undefined {
  if (file.length < HEADER_BYTES) return undefined;
  const fields = file.subarray(0, HEADER_BYTES - SUM_BYTES);
  if (!equalBytes(sumOf(suite, fields), file.subarray(fields.length, HEADER_BYTES))) return undefined;
  const reader = new ByteReader(fields);
  reader.fixed(MAGIC.length + 1);
  const cost = { memoryKib: reader.uint(4), passes: reader.uint(1) };
  // Another cost than these was written by nobody: it would only keep this device busy.
  const isBearable = cost.memoryKib <= MAX_COST.memoryKib && cost.passes <= MAX_COST.passes;
  if (!isBearable || cost.memoryKib < 8 || cost.passes < 1) return undefined;
  const [salt, nonce] = [reader.fixed(SALT_BYTES), reader.fixed(NONCE_BYTES)];
  return { cost, salt, nonce, check: reader.fixed(KEY_CHECK_BYTES) };
}

/** Undefined where the chunks do not fill the file. */
function readChunks(file: Uint8Array): readonly Uint8Array[] | undefined {
  const reader = new ByteReader(file.subarray(HEADER_BYTES));
  const sealed: Uint8Array[] = [];
  try {
    while (reader.remaining > 0) sealed.push(reader.sized(4, MAX_CHUNK_BYTES + TAG_BYTES));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  return sealed.length === 0 ? undefined : sealed;
}

function keysOf(suite: Suite, stretched: Uint8Array): { readonly key: Uint8Array; readonly check: Uint8Array } {
  return {
    key: suite.hkdfExpand(stretched, KEY_INFO, KEY_BYTES),
    check: suite.hkdfExpand(stretched, KEY_CHECK_INFO, KEY_CHECK_BYTES),
  };
}

/** 19 random bytes | index 4 | last 1 */
function chunkNonce(nonce: Uint8Array, index: number, isLast: boolean): Uint8Array {
  return new ByteWriter()
    .fixed(nonce, NONCE_BYTES)
    .uint(index, 4)
    .uint(isLast ? 1 : 0, 1)
    .finish();
}

function sumOf(suite: Suite, fields: Uint8Array): Uint8Array {
  return suite.hash(fields).subarray(0, SUM_BYTES);
}

/** One passphrase has one form, on whatever keyboard it was typed. */
function passphraseBytes(passphrase: string): Uint8Array {
  return textToBytes(passphrase.normalize("NFKC"));
}
