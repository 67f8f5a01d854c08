/** What a member is told of a group that they do not know yet (PROTOCOL, Membership). */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { MAX_BODY_BYTES, SIGNATURE_BYTES } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { EntryParts } from "../log/entry.ts";

const OFFER_VERSION = 1;
const MAX_HEADER_BYTES = 1_200;
const MAX_INTRODUCTION_BYTES = 8 * 1024;

export interface Offer {
  readonly genesis: EntryParts;
  readonly founder: Uint8Array;
}

/** version 1 | header (length 2) | signature 64 | body (length 2) | introduction of the founder (length 2) */
export function encodeGroupOffer({ genesis, founder }: Offer): Uint8Array {
  return new ByteWriter()
    .uint(OFFER_VERSION, 1)
    .sized(genesis.header, 2)
    .fixed(genesis.signature, SIGNATURE_BYTES)
    .sized(genesis.body, 2)
    .sized(founder, 2)
    .finish();
}

/** @throws DecodeError */
export function decodeGroupOffer(bytes: Uint8Array): Offer {
  const reader = new ByteReader(bytes);
  if (reader.uint(1) !== OFFER_VERSION) throw new DecodeError("unknown offer version");
  const header = reader.sized(2, MAX_HEADER_BYTES);
  const signature = reader.fixed(SIGNATURE_BYTES);
  const body = reader.sized(2, MAX_BODY_BYTES);
  const founder = reader.sized(2, MAX_INTRODUCTION_BYTES);
  reader.end();
  return { genesis: { header, signature, body }, founder };
}
