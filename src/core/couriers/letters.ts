/**
 * Early copies of messages that wait (PROTOCOL, Letters): sealed to the recipient's newest key of the conversation and signed, with no place
 * in a log and no step of a chain. So an old copy of a profile can leave them too: nothing in them can be used twice.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, concatBytes, hexToBytes, textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import { MAX_TEXT_BYTES } from "../codec/limits.ts";
import { SEAL_OVERHEAD_BYTES } from "../crypto/hpke.ts";
import type { Suite } from "../crypto/suite.ts";
import { PARCEL_ID_BYTES } from "./parcel.ts";

const DOMAIN = "kith/letter/1";
const INFO = textToBytes(DOMAIN);
const ID_BYTES = 16;
const SIGNATURE_BYTES = 64;
const KEY_NUMBER_BYTES = 4;
export const MAX_LETTERS = 256;
/** A text, and what stands beside it in its content. */
const MAX_LETTER_BYTES = MAX_TEXT_BYTES + 64;
/** What one takes beside its content. */
export const LETTER_OVERHEAD_BYTES = ID_BYTES + 2;

export interface Letter {
  /** 32 hex digits, by which its author's device knows it. */
  readonly id: string;
  /** As in the entry that it becomes. */
  readonly content: Uint8Array;
}

export interface LettersPlace {
  readonly conversation: ConversationId;
  /** Whom they are for. */
  readonly recipient: DeviceId;
  /** 32 hex digits: the parcel that they lie in. */
  readonly parcel: string;
}

/**
 * key number 4 | HPKE of (device 16 | count 2 (1 to 256) | (id 16 | content sized(2))… | signature 64); info = "kith/letter/1" |
 * conversation 32 | recipient 16 | key number 4, aad = parcel id 16. The signature, by that device, covers conversation, recipient, parcel id
 * and all before it.
 */
export function sealLetters(
  suite: Suite,
  place: LettersPlace,
  author: { readonly device: DeviceId; readonly logSeed: Uint8Array },
  key: { readonly number: number; readonly publicKey: Uint8Array },
  letters: readonly Letter[],
): Uint8Array {
  const writer = new ByteWriter().fixed(hexToBytes(author.device, 16), 16).uint(letters.length, 2);
  for (const { id, content } of letters) writer.fixed(hexToBytes(id, ID_BYTES), ID_BYTES).sized(content, 2);
  const written = writer.finish();
  const signature = suite.sign(author.logSeed, DOMAIN, concatBytes(placeBytes(place), written));
  const plaintext = concatBytes(written, signature);
  const sealed = suite.seal(key.publicKey, infoOf(place, key.number), aadOf(place), plaintext);
  return concatBytes(new ByteWriter().uint(key.number, KEY_NUMBER_BYTES).finish(), sealed);
}

/** The number of the key that they are said to be sealed to. @throws DecodeError */
export function lettersKeyNumber(sealed: Uint8Array): number {
  return new ByteReader(sealed).uint(KEY_NUMBER_BYTES);
}

/** Undefined if they are damaged, of another place, malformed, or not signed by a device that `logKeyOf` knows. */
export function openLetters(
  suite: Suite,
  place: LettersPlace,
  kemSeed: Uint8Array,
  sealed: Uint8Array,
  logKeyOf: (device: DeviceId) => Uint8Array | undefined,
): { readonly device: DeviceId; readonly letters: readonly Letter[] } | undefined {
  if (sealed.length < KEY_NUMBER_BYTES + SEAL_OVERHEAD_BYTES) return undefined;
  const info = infoOf(place, lettersKeyNumber(sealed));
  const plaintext = suite.unseal(kemSeed, info, aadOf(place), sealed.subarray(KEY_NUMBER_BYTES));
  if (plaintext === undefined || plaintext.length < SIGNATURE_BYTES) return undefined;
  const written = plaintext.subarray(0, -SIGNATURE_BYTES);
  try {
    const opened = decodeLetters(written);
    const logKey = logKeyOf(opened.device);
    const signed = concatBytes(placeBytes(place), written);
    const isSigned = logKey !== undefined && suite.verify(logKey, DOMAIN, signed, plaintext.subarray(-SIGNATURE_BYTES));
    return isSigned ? opened : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function decodeLetters(written: Uint8Array): { readonly device: DeviceId; readonly letters: readonly Letter[] } {
  const reader = new ByteReader(written);
  const device = bytesToHex(reader.fixed(16)) as DeviceId;
  const letters = Array.from({ length: reader.uint(2, MAX_LETTERS) }, () => ({
    id: bytesToHex(reader.fixed(ID_BYTES)),
    content: reader.sized(2, MAX_LETTER_BYTES),
  }));
  reader.end();
  if (letters.length === 0) throw new DecodeError("no letters");
  return { device, letters };
}

function placeBytes({ conversation, recipient, parcel }: LettersPlace): Uint8Array {
  return new ByteWriter()
    .fixed(hexToBytes(conversation, 32), 32)
    .fixed(hexToBytes(recipient, 16), 16)
    .fixed(hexToBytes(parcel, PARCEL_ID_BYTES), PARCEL_ID_BYTES)
    .finish();
}

function infoOf({ conversation, recipient }: LettersPlace, keyNumber: number): Uint8Array {
  return new ByteWriter()
    .fixed(INFO, INFO.length)
    .fixed(hexToBytes(conversation, 32), 32)
    .fixed(hexToBytes(recipient, 16), 16)
    .uint(keyNumber, KEY_NUMBER_BYTES)
    .finish();
}

function aadOf({ parcel }: LettersPlace): Uint8Array {
  return hexToBytes(parcel, PARCEL_ID_BYTES);
}
