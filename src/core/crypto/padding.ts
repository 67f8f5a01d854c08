/** Padding to size buckets (PROTOCOL, Message bodies), so that a body tells little of its length: content | 0x80 | zeros (ISO 7816-4). */
import { MAX_BODY_BYTES } from "../codec/entry.ts";

/** What a message body adds to its padded content: salt 16, r 32, tag 16. */
export const BODY_OVERHEAD_BYTES = 16 + 32 + 16;

const LARGEST_BUCKET_BYTES = MAX_BODY_BYTES - BODY_OVERHEAD_BYTES;
const BUCKET_BYTES = [128, 256, 512, 1024, 2048, 4096, 8192, LARGEST_BUCKET_BYTES] as const;
const MARK = 0x80;

/** 14,271: one byte of the largest bucket is the mark. */
export const MAX_CONTENT_BYTES = LARGEST_BUCKET_BYTES - 1;

/** Fills the smallest bucket that holds content and mark. @throws RangeError above MAX_CONTENT_BYTES. */
export function pad(content: Uint8Array): Uint8Array {
  const padded = new Uint8Array(bucketOf(content.length));
  padded.set(content);
  padded[content.length] = MARK;
  return padded;
}

/** The content, or undefined for what `pad` would not have made: another bucket, no mark, anything but zeros after it. */
export function unpad(padded: Uint8Array): Uint8Array | undefined {
  let length = padded.length - 1;
  while (length >= 0 && padded[length] === 0) length -= 1;
  if (padded[length] !== MARK || length > MAX_CONTENT_BYTES || padded.length !== bucketOf(length)) return undefined;
  return padded.slice(0, length);
}

function bucketOf(contentLength: number): number {
  const bucket = BUCKET_BYTES.find((size) => size > contentLength);
  if (bucket === undefined) throw new RangeError("content is too long");
  return bucket;
}
