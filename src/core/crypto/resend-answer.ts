/**
 * The answer to a `resend` (PROTOCOL, Resend): the opening of one message, sealed by whoever holds it to the requester's newest
 * key. The commitment in the signed entry says whether it is the right one, so it does not matter who answered.
 */
import { ByteWriter } from "../codec/byte-writer.ts";
import { concatBytes, hexToBytes, textToBytes } from "../codec/bytes.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import { SEAL_OVERHEAD_BYTES } from "./hpke.ts";
import { MAX_OPENING_BYTES, readOpening } from "./message-body.ts";
import type { Suite } from "./suite.ts";

export const MAX_RESEND_ANSWER_BYTES = SEAL_OVERHEAD_BYTES + MAX_OPENING_BYTES;

const RESEND_INFO = textToBytes("kith/resend/1");

export interface ResendPlace {
  readonly conversation: ConversationId;
  readonly requester: DeviceId;
  /** Number of the requester's key package. */
  readonly keyNumber: number;
  /** The message: its author's device, channel and seq. */
  readonly device: DeviceId;
  readonly channel: number;
  readonly seq: number;
  /** The content commitment in the message's header, 32 bytes. */
  readonly commitment: Uint8Array;
}

/**
 * HPKE of the opening (r 32 | padded content) to the requester's key, with
 *
 *     info = "kith/resend/1" | conversation 32 | requester 16 | key number 4
 *     aad  = device 16 | channel 1 | seq 4 | content commitment 32
 */
export function sealResendAnswer(
  suite: Suite,
  place: ResendPlace,
  publicKey: Uint8Array,
  opening: Uint8Array,
): Uint8Array {
  return suite.seal(publicKey, infoOf(place), aadOf(place), opening);
}

/** The content, or undefined if the answer is damaged, of another place, or not what the message's author committed to. */
export function openResendAnswer(
  suite: Suite,
  place: ResendPlace,
  kemSeed: Uint8Array,
  answer: Uint8Array,
): Uint8Array | undefined {
  if (answer.length > MAX_RESEND_ANSWER_BYTES) return undefined;
  const opening = suite.unseal(kemSeed, infoOf(place), aadOf(place), answer);
  return opening === undefined ? undefined : readOpening(suite, place.commitment, opening);
}

function infoOf(place: ResendPlace): Uint8Array {
  const bytes = new ByteWriter()
    .fixed(hexToBytes(place.conversation, 32), 32)
    .fixed(hexToBytes(place.requester, 16), 16)
    .uint(place.keyNumber, 4)
    .finish();
  return concatBytes(RESEND_INFO, bytes);
}

function aadOf(place: ResendPlace): Uint8Array {
  return new ByteWriter()
    .fixed(hexToBytes(place.device, 16), 16)
    .uint(place.channel, 1)
    .uint(place.seq, 4)
    .fixed(place.commitment, 32)
    .finish();
}
