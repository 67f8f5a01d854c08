/**
 * Receipts for parcels (PROTOCOL, Couriers): the recipient's signed word that a parcel may go. With it travels, sealed to the depositor,
 * the recipient's clock: the courier learns that the parcel was taken, the depositor what was opened.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, EMPTY_BYTES, hexToBytes, textToBytes } from "../codec/bytes.ts";
import type { DeviceId } from "../codec/ids.ts";
import { MAX_CONTENT_BYTES, pad, unpad } from "../crypto/padding.ts";
import type { Suite } from "../crypto/suite.ts";
import { PARCEL_ID_BYTES } from "./parcel.ts";

const RECEIPT_DOMAIN = "kith/receipt/1";
const CLOCK_INFO = textToBytes("kith/receipt-clock/1");
const SIGNATURE_BYTES = 64;
const KEY_NUMBER_BYTES = 4;
const MAX_SEALED_BYTES = 16_000;

export interface Receipt {
  /** 32 hex digits. */
  readonly parcel: string;
  /** The recipient's device, which signed. */
  readonly device: DeviceId;
  /** False: it could not be opened, or what was in it did not fit. */
  readonly isTaken: boolean;
  /** Empty, or a clock statement sealed to the depositor. */
  readonly sealedClock: Uint8Array;
}

/** parcel id 16 | device 16 | result 1 (0: of no use, 1: taken) | sealed clock sized(2) | signature 64 by the device */
export function encodeReceipt(suite: Suite, logSeed: Uint8Array, receipt: Receipt): Uint8Array {
  const writer = new ByteWriter()
    .fixed(hexToBytes(receipt.parcel, PARCEL_ID_BYTES), PARCEL_ID_BYTES)
    .fixed(hexToBytes(receipt.device, 16), 16)
    .uint(receipt.isTaken ? 1 : 0, 1)
    .sized(receipt.sealedClock, 2);
  return writer.fixed(suite.sign(logSeed, RECEIPT_DOMAIN, writer.finish()), SIGNATURE_BYTES).finish();
}

/** The signature is not verified here. @throws DecodeError */
export function decodeReceipt(bytes: Uint8Array): Receipt {
  const reader = new ByteReader(bytes);
  const parcel = bytesToHex(reader.fixed(PARCEL_ID_BYTES));
  const device = bytesToHex(reader.fixed(16)) as DeviceId;
  const isTaken = reader.uint(1, 1) === 1;
  const sealedClock = reader.sized(2, MAX_SEALED_BYTES);
  reader.fixed(SIGNATURE_BYTES);
  reader.end();
  return { parcel, device, isTaken, sealedClock };
}

export function verifyReceipt(suite: Suite, logKey: Uint8Array, bytes: Uint8Array): boolean {
  return suite.verify(logKey, RECEIPT_DOMAIN, bytes.subarray(0, -SIGNATURE_BYTES), bytes.subarray(-SIGNATURE_BYTES));
}

/** The parcel that a receipt is for, and the device of the depositor that reads it. */
export interface ClockPlace {
  readonly parcel: string;
  readonly reader: DeviceId;
}

/**
 * key number 4 | HPKE of the padded clock (Message bodies); info = "kith/receipt-clock/1" | depositor's device 16 | key number 4, aad =
 * parcel id 16. Empty for a clock that is too long.
 */
export function sealReceiptClock(
  suite: Suite,
  place: ClockPlace,
  key: { readonly number: number; readonly publicKey: Uint8Array },
  clock: Uint8Array,
): Uint8Array {
  if (clock.length > MAX_CONTENT_BYTES) return EMPTY_BYTES;
  const aad = hexToBytes(place.parcel, PARCEL_ID_BYTES);
  const sealed = suite.seal(key.publicKey, infoOf(place, key.number), aad, pad(clock));
  return new ByteWriter().uint(key.number, KEY_NUMBER_BYTES).fixed(sealed, sealed.length).finish();
}

/** Undefined where there is none, or it does not open with this key. */
export function openReceiptClock(
  suite: Suite,
  place: ClockPlace,
  seedOf: (keyNumber: number) => Uint8Array | undefined,
  sealedClock: Uint8Array,
): Uint8Array | undefined {
  if (sealedClock.length <= KEY_NUMBER_BYTES) return undefined;
  const number = new ByteReader(sealedClock).uint(KEY_NUMBER_BYTES);
  const seed = seedOf(number);
  if (seed === undefined) return undefined;
  const aad = hexToBytes(place.parcel, PARCEL_ID_BYTES);
  const padded = suite.unseal(seed, infoOf(place, number), aad, sealedClock.subarray(KEY_NUMBER_BYTES));
  return padded === undefined ? undefined : unpad(padded);
}

function infoOf({ reader }: ClockPlace, keyNumber: number): Uint8Array {
  return new ByteWriter()
    .fixed(CLOCK_INFO, CLOCK_INFO.length)
    .fixed(hexToBytes(reader, 16), 16)
    .uint(keyNumber, 4)
    .finish();
}
