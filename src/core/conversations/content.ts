/**
 * Message content: canonical CBOR `{ type, version, … }` (PROTOCOL, Logs and entries). Unknown fields stay in the stored body;
 * unknown types and versions are shown as "needs a newer Kith".
 */
import { decodeCbor, encodeCbor } from "../codec/cbor.ts";
import { textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import { MAX_BODY_BYTES } from "../codec/entry.ts";
import { MAX_TEXT_BYTES } from "../codec/limits.ts";

export interface TextContent {
  readonly kind: "text";
  readonly text: string;
  /** When it was written, milliseconds since 1970 by the author's clock. */
  readonly writtenAt: number;
  /**
   * Of a message that left as a letter before it was an entry: its place in the order, 16 hex digits, above everything that its author saw
   * when writing it.
   */
  readonly rank?: string;
}

export type Content = TextContent | { readonly kind: "unsupported"; readonly writtenAt: number | undefined };

const TEXT_VERSION = 1;
const MAX_TIME_MS = 2 ** 47;
const RANK = /^[0-9a-f]{16}$/;

export function encodeText({ text, writtenAt, rank }: Omit<TextContent, "kind">): Uint8Array {
  const fields = { type: "text", version: TEXT_VERSION, text, at: writtenAt };
  return encodeCbor(rank === undefined ? fields : { ...fields, rank });
}

/** Never throws: what cannot be understood is unsupported. */
export function decodeContent(bytes: Uint8Array): Content {
  let value: unknown;
  try {
    value = decodeCbor(bytes, MAX_BODY_BYTES);
  } catch (error) {
    if (error instanceof DecodeError) return { kind: "unsupported", writtenAt: undefined };
    throw error;
  }
  if (typeof value !== "object" || value === null) return { kind: "unsupported", writtenAt: undefined };
  const fields = value as Readonly<Record<string, unknown>>;
  const at = fields["at"];
  const writtenAt = typeof at === "number" && Number.isSafeInteger(at) && at >= 0 && at < MAX_TIME_MS ? at : undefined;
  const text = fields["text"];
  if (fields["type"] !== "text" || fields["version"] !== TEXT_VERSION) return { kind: "unsupported", writtenAt };
  if (typeof text !== "string" || writtenAt === undefined) return { kind: "unsupported", writtenAt };
  if (text.length > MAX_TEXT_BYTES || textToBytes(text).length > MAX_TEXT_BYTES)
    return { kind: "unsupported", writtenAt };
  const rank = fields["rank"];
  return typeof rank === "string" && RANK.test(rank)
    ? { kind: "text", text, writtenAt, rank }
    : { kind: "text", text, writtenAt };
}
