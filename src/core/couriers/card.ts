/**
 * Courier cards (PROTOCOL, Couriers): what a device tells one contact of how to leave something for it while it is away: the key that
 * parcels are sealed to, tokens for its couriers, and whether it carries for others itself. The highest number is the newest.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, hexToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, DeviceId } from "../codec/ids.ts";
import { KEM_PUBLIC_KEY_BYTES } from "../crypto/hpke.ts";
import type { Suite } from "../crypto/suite.ts";
import { decodeToken, TOKEN_BYTES } from "./token.ts";

export const MAX_COURIERS = 3;
const CARD_VERSION = 1;
const CARD_DOMAIN = "kith/card/1";
const SIGNATURE_BYTES = 64;

export interface Card {
  readonly device: DeviceId;
  /** Up to 2^48 − 1. */
  readonly number: number;
  /** The contact whom it was made for. */
  readonly holder: AccountId;
  /** Whether its account carries parcels of its contacts. */
  readonly carries: boolean;
  /** From 1. */
  readonly keyNumber: number;
  /** X-Wing, 1216 bytes. */
  readonly publicKey: Uint8Array;
  /** Encoded tokens, one for each courier. */
  readonly tokens: readonly Uint8Array[];
}

/** Whose card is expected, for whom, and the keys of the devices it may be signed by. */
export interface CardOwner {
  readonly account: AccountId;
  readonly holder: AccountId;
  logKeyOf(device: DeviceId): Uint8Array | undefined;
}

/**
 * version 1 (= 1) | device 16 | number 6 | holder's account 32 | carries 1 (0 or 1) | key number 4 (from 1) | public key 1216
 * | token count 1 (≤ 3) | token 185 … | signature 64 by the device
 */
export function encodeCard(suite: Suite, logSeed: Uint8Array, card: Card): Uint8Array {
  const writer = new ByteWriter()
    .uint(CARD_VERSION, 1)
    .fixed(hexToBytes(card.device, 16), 16)
    .uint(card.number, 6)
    .fixed(hexToBytes(card.holder, 32), 32)
    .uint(card.carries ? 1 : 0, 1)
    .uint(card.keyNumber, 4)
    .fixed(card.publicKey, KEM_PUBLIC_KEY_BYTES)
    .uint(card.tokens.length, 1);
  for (const token of card.tokens) writer.fixed(token, TOKEN_BYTES);
  return writer.fixed(suite.sign(logSeed, CARD_DOMAIN, writer.finish()), SIGNATURE_BYTES).finish();
}

/** The device that a card is said to be of. @throws DecodeError */
export function deviceOfCard(bytes: Uint8Array): DeviceId {
  const reader = new ByteReader(bytes);
  reader.fixed(1);
  return bytesToHex(reader.fixed(16)) as DeviceId;
}

/** @throws DecodeError when malformed, for somebody else, not signed by a device of the account, or with a key or token that is of no use. */
export function decodeCard(suite: Suite, owner: CardOwner, bytes: Uint8Array): Card {
  const reader = new ByteReader(bytes);
  if (reader.uint(1) !== CARD_VERSION) throw new DecodeError("unknown version of a card");
  const device = bytesToHex(reader.fixed(16)) as DeviceId;
  const number = reader.uint(6);
  const holder = bytesToHex(reader.fixed(32)) as AccountId;
  const carries = reader.uint(1, 1) === 1;
  const keyNumber = reader.uint(4);
  const publicKey = reader.fixed(KEM_PUBLIC_KEY_BYTES);
  const count = reader.uint(1, MAX_COURIERS);
  const tokens = Array.from({ length: count }, () => reader.fixed(TOKEN_BYTES));
  const signed = bytes.subarray(0, reader.offset);
  const signature = reader.fixed(SIGNATURE_BYTES);
  reader.end();
  const logKey = owner.logKeyOf(device);
  if (holder !== owner.holder || logKey === undefined) throw new DecodeError("somebody else's card");
  if (keyNumber === 0 || number === 0) throw new DecodeError("cards and keys are numbered from 1");
  if (!suite.verify(logKey, CARD_DOMAIN, signed, signature)) throw new DecodeError("card is not signed");
  if (!suite.isKemPublicKey(publicKey)) throw new DecodeError("a key that cannot be sealed to");
  for (const token of tokens) {
    const { depositor, recipient, device: signer } = decodeToken(token);
    const isFitting = depositor === holder && recipient === owner.account && signer === device;
    if (!isFitting) throw new DecodeError("a card with somebody else's token");
  }
  return { device, number, holder, carries, keyNumber, publicKey, tokens };
}
