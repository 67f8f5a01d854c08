/**
 * Reach cards (PROTOCOL, Reach cards): what a device tells one contact of how it can be reached now, and whether it relays for it. Helpers
 * are named by a mark that only those recognise who know the helper. The highest number is the newest.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, bytesToText, concatBytes, hexToBytes, textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, DeviceId, PeerKey } from "../codec/ids.ts";
import { domainHash, type Suite } from "../crypto/suite.ts";

const CARD_VERSION = 1;
const CARD_DOMAIN = "kith/reach/1";
const MARK_DOMAIN = "kith/helper/1";
const MAX_CARD_BYTES = 2_048;
const MAX_RELAYS = 4;
const MAX_RELAY_BYTES = 255;
const MAX_CARD_HELPERS = 4;
const MARK_BYTES = 16;
const SIGNATURE_BYTES = 64;

export interface ReachCard {
  readonly device: DeviceId;
  /** Up to 2^48 − 1. */
  readonly number: number;
  /** The contact whom it was made for. */
  readonly holder: AccountId;
  /** Whether it relays for the holder. */
  readonly helps: boolean;
  /** Multiaddrs, best first. As text: whoever dials checks them. */
  readonly relays: readonly string[];
  /** `helperMark` of each, 32 hex digits, best first. */
  readonly helpers: readonly string[];
}

/** The first 16 bytes of SHA-256("kith/helper/1" | helper's peer key | holder's account) as hex. */
export function helperMark(suite: Suite, helper: PeerKey, holder: AccountId): string {
  const named = concatBytes(hexToBytes(helper, 32), hexToBytes(holder, 32));
  return bytesToHex(domainHash(suite, MARK_DOMAIN, named).subarray(0, MARK_BYTES));
}

/**
 * version 1 (= 1) | device 16 | number 6 | holder's account 32 | helps 1 (0 or 1) | relay count 1 (≤ 4) | (length 1, multiaddr)…
 * | helper count 1 (≤ 4) | mark 16… | signature 64 by the device
 */
export function encodeReachCard(suite: Suite, logSeed: Uint8Array, card: ReachCard): Uint8Array {
  const writer = new ByteWriter()
    .uint(CARD_VERSION, 1)
    .fixed(hexToBytes(card.device, 16), 16)
    .uint(card.number, 6)
    .fixed(hexToBytes(card.holder, 32), 32)
    .uint(card.helps ? 1 : 0, 1);
  const relays = card.relays.map(textToBytes).filter((relay) => relay.length <= MAX_RELAY_BYTES);
  writer.uint(Math.min(relays.length, MAX_RELAYS), 1);
  for (const relay of relays.slice(0, MAX_RELAYS)) writer.sized(relay, 1);
  const helpers = card.helpers.slice(0, MAX_CARD_HELPERS);
  writer.uint(helpers.length, 1);
  for (const mark of helpers) writer.fixed(hexToBytes(mark, MARK_BYTES), MARK_BYTES);
  return writer.fixed(suite.sign(logSeed, CARD_DOMAIN, writer.finish()), SIGNATURE_BYTES).finish();
}

/** The device that a card is said to be of. @throws DecodeError */
export function deviceOfReachCard(bytes: Uint8Array): DeviceId {
  const reader = new ByteReader(bytes);
  reader.fixed(1);
  return bytesToHex(reader.fixed(16)) as DeviceId;
}

/**
 * Fields that a later version adds stand before the signature, are signed, and are passed over.
 * @throws DecodeError when malformed, for somebody else, of another device, or not signed by it.
 */
export function decodeReachCard(
  suite: Suite,
  expected: { readonly device: DeviceId; readonly logKey: Uint8Array; readonly holder: AccountId },
  bytes: Uint8Array,
): ReachCard {
  if (bytes.length > MAX_CARD_BYTES) throw new DecodeError("a reach card is too long");
  const signedLength = bytes.length - SIGNATURE_BYTES;
  if (signedLength < 0) throw new DecodeError("bytes missing");
  const signed = bytes.subarray(0, signedLength);
  const reader = new ByteReader(signed);
  if (reader.uint(1) !== CARD_VERSION) throw new DecodeError("unknown version of a reach card");
  const device = bytesToHex(reader.fixed(16)) as DeviceId;
  const number = reader.uint(6);
  const holder = bytesToHex(reader.fixed(32)) as AccountId;
  const helps = reader.uint(1, 1) === 1;
  const relays = Array.from({ length: reader.uint(1, MAX_RELAYS) }, () =>
    bytesToText(reader.sized(1, MAX_RELAY_BYTES)),
  );
  const helpers = Array.from({ length: reader.uint(1, MAX_CARD_HELPERS) }, () => bytesToHex(reader.fixed(MARK_BYTES)));
  if (device !== expected.device || holder !== expected.holder) throw new DecodeError("somebody else's reach card");
  if (!suite.verify(expected.logKey, CARD_DOMAIN, signed, bytes.subarray(signedLength))) {
    throw new DecodeError("a reach card is not signed");
  }
  return { device, number, holder, helps, relays, helpers };
}
