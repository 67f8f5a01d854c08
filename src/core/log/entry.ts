/** An entry with its id: what travels, and what is checked without knowing any log (PROTOCOL, Logs and entries). */
import { bytesToHex, concatBytes, equalBytes } from "../codec/bytes.ts";
import { decodeHeader, type EntryHeader, MAX_BODY_BYTES, SIGNATURE_BYTES } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { EntryId } from "../codec/ids.ts";
import type { Suite } from "../crypto/suite.ts";

export const ENTRY_DOMAIN = "kith/entry/1";

/** The parts of an entry as they travel. */
export interface EntryParts {
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
  readonly body: Uint8Array;
}

export function sizeOf({ header, signature, body }: EntryParts): number {
  return header.length + signature.length + body.length;
}

export interface Entry {
  readonly id: EntryId;
  readonly header: EntryHeader;
  readonly parts: EntryParts;
}

export function entryIdOf(suite: Suite, header: Uint8Array, signature: Uint8Array): EntryId {
  return bytesToHex(suite.hash(concatBytes(header, signature))) as EntryId;
}

/** Decodes the header and holds the body against it. The signature is not verified here. @throws DecodeError */
export function readEntry(suite: Suite, parts: EntryParts): Entry {
  if (parts.signature.length !== SIGNATURE_BYTES) throw new DecodeError("signature of a wrong size");
  if (parts.body.length > MAX_BODY_BYTES) throw new DecodeError("body is too long");
  const header = decodeHeader(parts.header);
  if (header.bodyLength !== parts.body.length) throw new DecodeError("body of another length than stated");
  if (!equalBytes(suite.hash(parts.body), header.bodyHash)) throw new DecodeError("body does not match its hash");
  return { id: entryIdOf(suite, parts.header, parts.signature), header, parts };
}

export function verifyEntry(suite: Suite, logKey: Uint8Array, parts: EntryParts): boolean {
  return suite.verify(logKey, ENTRY_DOMAIN, parts.header, parts.signature);
}
