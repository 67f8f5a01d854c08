/** Payloads of the frames between contacts that carry for each other (PROTOCOL, Couriers). Decoders throw DecodeError. */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, hexToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import { MAX_PARCEL_BYTES, PARCEL_ID_BYTES } from "./parcel.ts";
import { TOKEN_BYTES } from "./token.ts";

const NO_PARCEL = "0".repeat(2 * PARCEL_ID_BYTES);

/** number 6 of the newest card of the receiver that the sender holds; 0: none. */
export function encodeCardHeld(number: number): Uint8Array {
  return new ByteWriter().uint(number, 6).finish();
}

export function decodeCardHeld(bytes: Uint8Array): number {
  const reader = new ByteReader(bytes);
  const number = reader.uint(6);
  reader.end();
  return number;
}

/** Asks a courier to take a parcel. */
export interface Deposit {
  readonly id: string;
  /** An earlier one of the same depositor and recipient, which this one holds as well. */
  readonly replaced: string | undefined;
  readonly size: number;
  readonly token: Uint8Array;
}

/** parcel id 16 | replaced parcel 16 (zeros: none) | size 4 | token 185 */
export function encodeDeposit({ id, replaced, size, token }: Deposit): Uint8Array {
  return new ByteWriter()
    .fixed(hexToBytes(id, PARCEL_ID_BYTES), PARCEL_ID_BYTES)
    .fixed(hexToBytes(replaced ?? NO_PARCEL, PARCEL_ID_BYTES), PARCEL_ID_BYTES)
    .uint(size, 4)
    .fixed(token, TOKEN_BYTES)
    .finish();
}

export function decodeDeposit(bytes: Uint8Array): Deposit {
  const reader = new ByteReader(bytes);
  const id = readId(reader);
  const replaced = bytesToHex(reader.fixed(PARCEL_ID_BYTES));
  const deposit = { id, replaced: replaced === NO_PARCEL ? undefined : replaced, size: readSize(reader) };
  const token = reader.fixed(TOKEN_BYTES);
  reader.end();
  return { ...deposit, token };
}

/** What a courier says to a deposit. In the order of their codes. */
const VERDICTS = [
  /** The parcel may come. */
  "send",
  /** It is stored. */
  "held",
  "not-carrying",
  /** The token is not valid here, or no more. */
  "bad-token",
  /** Over what the token or the courier allows. */
  "too-much",
  /** The courier's disk is full. */
  "no-room",
  /** It was held, and is no more: nobody took it. */
  "dropped",
] as const;

export type Verdict = (typeof VERDICTS)[number];

export interface DepositAnswer {
  readonly id: string;
  readonly verdict: Verdict;
}

/** parcel id 16 | code 1 */
export function encodeDepositAnswer({ id, verdict }: DepositAnswer): Uint8Array {
  return new ByteWriter()
    .fixed(hexToBytes(id, PARCEL_ID_BYTES), PARCEL_ID_BYTES)
    .uint(VERDICTS.indexOf(verdict), 1)
    .finish();
}

export function decodeDepositAnswer(bytes: Uint8Array): DepositAnswer {
  const reader = new ByteReader(bytes);
  const id = readId(reader);
  const verdict = VERDICTS[reader.uint(1)];
  reader.end();
  if (verdict === undefined) throw new DecodeError("an unknown answer to a deposit");
  return { id, verdict };
}

/** A parcel begins: its bytes follow in parts, one after the other. */
export interface ParcelHead {
  readonly id: string;
  readonly size: number;
}

/** parcel id 16 | size 4 */
export function encodeParcelHead({ id, size }: ParcelHead): Uint8Array {
  return new ByteWriter().fixed(hexToBytes(id, PARCEL_ID_BYTES), PARCEL_ID_BYTES).uint(size, 4).finish();
}

export function decodeParcelHead(bytes: Uint8Array): ParcelHead {
  const reader = new ByteReader(bytes);
  const head = { id: readId(reader), size: readSize(reader) };
  reader.end();
  return head;
}

/** parcel id 16: its receipt is here, and need not be kept. */
export function encodeReceiptNoted(id: string): Uint8Array {
  return hexToBytes(id, PARCEL_ID_BYTES);
}

export function decodeReceiptNoted(bytes: Uint8Array): string {
  const reader = new ByteReader(bytes);
  const id = readId(reader);
  reader.end();
  return id;
}

function readId(reader: ByteReader): string {
  const id = bytesToHex(reader.fixed(PARCEL_ID_BYTES));
  if (id === NO_PARCEL) throw new DecodeError("no parcel has this id");
  return id;
}

function readSize(reader: ByteReader): number {
  const size = reader.uint(4, MAX_PARCEL_BYTES);
  if (size === 0) throw new DecodeError("an empty parcel");
  return size;
}
