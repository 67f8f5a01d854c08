/**
 * Parcels (PROTOCOL, Couriers): entries of one conversation with what belongs to them, sealed to the recipient's device and filled up to
 * a few sizes, so that a courier learns neither the conversation nor how much was written.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, concatBytes, EMPTY_BYTES, hexToBytes, textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import { MAX_BODY_BYTES, SIGNATURE_BYTES } from "../codec/entry.ts";
import type { ConversationId, DeviceId, EntryId } from "../codec/ids.ts";
import { SEAL_OVERHEAD_BYTES } from "../crypto/hpke.ts";
import type { Suite } from "../crypto/suite.ts";
import type { EntryParts } from "../log/entry.ts";

const BUCKET_BYTES = [4_096, 8_192, 16_384, 32_768, 65_536] as const;
const LARGEST_BUCKET_BYTES = 65_536;
export const MAX_PARCEL_CONTENT_BYTES = LARGEST_BUCKET_BYTES - 1;
const KEY_NUMBER_BYTES = 4;
/** 66,676. */
export const MAX_PARCEL_BYTES = KEY_NUMBER_BYTES + SEAL_OVERHEAD_BYTES + LARGEST_BUCKET_BYTES;
export const PARCEL_ID_BYTES = 16;
export const MAX_PARCEL_ENTRIES = 256;
export const MAX_PARCEL_ENVELOPES = 32;

const MARK = 0x80;
const MAX_HEADER_BYTES = 1200;
const ENVELOPE_BYTES = 1168;
const MAX_CLOCK_BYTES = 16_384;
const INFO = textToBytes("kith/parcel/1");

export interface ParcelPlace {
  /** 32 hex digits, chosen by the depositor. */
  readonly id: string;
  /** The recipient's device. */
  readonly device: DeviceId;
}

export interface ParcelContent {
  readonly conversation: ConversationId;
  /** The depositor's newest clock statement; empty if there is none. */
  readonly clock: Uint8Array;
  /** Seeds that were sealed to the recipient's device, by the entry that names them. */
  readonly envelopes: readonly { readonly entry: EntryId; readonly bytes: Uint8Array }[];
  readonly entries: readonly EntryParts[];
  /** Early copies of messages that are no entries yet, sealed (letters.ts); empty if there are none. */
  readonly letters: Uint8Array;
}

/**
 * conversation 32 | clock sized(2) | envelope count 1 (≤ 32) | (entry id 32 | envelope 1168)…
 * | entry count 2 (≤ 256) | (header sized(2) | signature 64 | body sized(2))… | letters sized(2), if there are any
 */
export function encodeParcelContent(content: ParcelContent): Uint8Array {
  const writer = new ByteWriter()
    .fixed(hexToBytes(content.conversation, 32), 32)
    .sized(content.clock, 2)
    .uint(content.envelopes.length, 1);
  for (const { entry, bytes } of content.envelopes)
    writer.fixed(hexToBytes(entry, 32), 32).fixed(bytes, ENVELOPE_BYTES);
  writer.uint(content.entries.length, 2);
  for (const { header, signature, body } of content.entries) {
    writer.sized(header, 2).fixed(signature, SIGNATURE_BYTES).sized(body, 2);
  }
  if (content.letters.length > 0) writer.sized(content.letters, 2);
  return writer.finish();
}

/** @throws DecodeError */
export function decodeParcelContent(bytes: Uint8Array): ParcelContent {
  const reader = new ByteReader(bytes);
  const conversation = bytesToHex(reader.fixed(32)) as ConversationId;
  const clock = reader.sized(2, MAX_CLOCK_BYTES);
  const envelopes = Array.from({ length: reader.uint(1, MAX_PARCEL_ENVELOPES) }, () => ({
    entry: bytesToHex(reader.fixed(32)) as EntryId,
    bytes: reader.fixed(ENVELOPE_BYTES),
  }));
  const entries = Array.from({ length: reader.uint(2, MAX_PARCEL_ENTRIES) }, () => ({
    header: reader.sized(2, MAX_HEADER_BYTES),
    signature: reader.fixed(SIGNATURE_BYTES),
    body: reader.sized(2, MAX_BODY_BYTES),
  }));
  const hasLetters = reader.remaining > 0;
  const letters = hasLetters ? reader.sized(2, MAX_PARCEL_CONTENT_BYTES) : EMPTY_BYTES;
  reader.end();
  if (hasLetters && letters.length === 0) throw new DecodeError("letters that are none");
  return { conversation, clock, envelopes, entries, letters };
}

/**
 * key number 4 | HPKE of content | 0x80 | zeros, of the smallest bucket that holds them; info = "kith/parcel/1" | recipient's device 16 |
 * key number 4, aad = parcel id 16. @throws RangeError for content that fits no parcel
 */
export function sealParcel(
  suite: Suite,
  place: ParcelPlace,
  key: { readonly number: number; readonly publicKey: Uint8Array },
  content: Uint8Array,
): Uint8Array {
  const bucket = BUCKET_BYTES.find((size) => size > content.length);
  if (bucket === undefined) throw new RangeError("too much for a parcel");
  const padded = new Uint8Array(bucket);
  padded.set(content);
  padded[content.length] = MARK;
  const sealed = suite.seal(key.publicKey, infoOf(place, key.number), aadOf(place), padded);
  return concatBytes(new ByteWriter().uint(key.number, KEY_NUMBER_BYTES).finish(), sealed);
}

/** The number of the key that a parcel is said to be sealed to. */
export function keyNumberOf(parcel: Uint8Array): number {
  return new ByteReader(parcel).uint(KEY_NUMBER_BYTES);
}

/** The content, or undefined if the parcel is damaged, of another id or device, or filled up otherwise. */
export function openParcel(
  suite: Suite,
  place: ParcelPlace,
  kemSeed: Uint8Array,
  parcel: Uint8Array,
): Uint8Array | undefined {
  if (parcel.length > MAX_PARCEL_BYTES || parcel.length < KEY_NUMBER_BYTES) return undefined;
  const info = infoOf(place, keyNumberOf(parcel));
  const padded = suite.unseal(kemSeed, info, aadOf(place), parcel.subarray(KEY_NUMBER_BYTES));
  if (padded === undefined) return undefined;
  const length = padded.findLastIndex((byte) => byte !== 0);
  const isFilled = padded[length] === MARK && padded.length === BUCKET_BYTES.find((size) => size > length);
  return isFilled ? padded.slice(0, length) : undefined;
}

function infoOf({ device }: ParcelPlace, keyNumber: number): Uint8Array {
  return new ByteWriter().fixed(INFO, INFO.length).fixed(hexToBytes(device, 16), 16).uint(keyNumber, 4).finish();
}

function aadOf({ id }: ParcelPlace): Uint8Array {
  return hexToBytes(id, PARCEL_ID_BYTES);
}
