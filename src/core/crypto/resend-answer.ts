/**
 * The answer to a `resend` (PROTOCOL, Resend): openings of messages, sealed by whoever holds them to the requester's newest key. The
 * commitment in each signed entry says whether its opening is the right one, so it does not matter who answered.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, concatBytes, EMPTY_BYTES, hexToBytes, textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import { CONTROL_CHANNEL, MAX_CHANNEL } from "../codec/entry.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import { SEAL_OVERHEAD_BYTES } from "./hpke.ts";
import { MAX_OPENING_BYTES } from "./message-body.ts";
import type { Suite } from "./suite.ts";

const ITEM_BYTES = 16 + 1 + 4 + 2;
/** Holds the longest opening. */
export const MAX_RESENT_BYTES = ITEM_BYTES + MAX_OPENING_BYTES;
export const MAX_RESEND_ANSWER_BYTES = SEAL_OVERHEAD_BYTES + MAX_RESENT_BYTES;

const RESEND_INFO = textToBytes("kith/resend/1");

export interface ResendPlace {
  readonly conversation: ConversationId;
  readonly requester: DeviceId;
  /** Number of the requester's key package. */
  readonly keyNumber: number;
}

/** A message of its author's device, and r 32 | padded content. */
export interface ResentMessage {
  readonly device: DeviceId;
  readonly channel: number;
  readonly seq: number;
  readonly opening: Uint8Array;
}

/** What a message takes of the MAX_RESENT_BYTES of an answer. */
export function resentBytes({ opening }: Pick<ResentMessage, "opening">): number {
  return ITEM_BYTES + opening.length;
}

/**
 * HPKE to the requester's key, without aad, info = "kith/resend/1" | conversation 32 | requester 16 | key number 4, of
 *
 *     (device 16 | channel 1 | seq 4 | opening sized(2)) …
 */
export function sealResendAnswer(
  suite: Suite,
  place: ResendPlace,
  publicKey: Uint8Array,
  messages: readonly ResentMessage[],
): Uint8Array {
  const writer = new ByteWriter();
  for (const { device, channel, seq, opening } of messages) {
    writer.fixed(hexToBytes(device, 16), 16).uint(channel, 1).uint(seq, 4).sized(opening, 2);
  }
  const plaintext = writer.finish();
  if (plaintext.length > MAX_RESENT_BYTES) throw new RangeError("too much for one answer");
  return suite.seal(publicKey, infoOf(place), EMPTY_BYTES, plaintext);
}

/** Undefined if the answer is damaged, of another place or malformed. Each opening is still to be held against its commitment. */
export function openResendAnswer(
  suite: Suite,
  place: ResendPlace,
  kemSeed: Uint8Array,
  answer: Uint8Array,
): readonly ResentMessage[] | undefined {
  if (answer.length > MAX_RESEND_ANSWER_BYTES) return undefined;
  const plaintext = suite.unseal(kemSeed, infoOf(place), EMPTY_BYTES, answer);
  if (plaintext === undefined) return undefined;
  try {
    return readMessages(new ByteReader(plaintext));
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function readMessages(reader: ByteReader): readonly ResentMessage[] {
  const messages: ResentMessage[] = [];
  while (reader.remaining > 0) {
    const device = bytesToHex(reader.fixed(16)) as DeviceId;
    const channel = reader.uint(1, MAX_CHANNEL);
    if (channel === CONTROL_CHANNEL) throw new DecodeError("nothing in a control log is sealed");
    messages.push({ device, channel, seq: reader.uint(4), opening: reader.sized(2, MAX_OPENING_BYTES) });
  }
  return messages;
}

function infoOf(place: ResendPlace): Uint8Array {
  const bytes = new ByteWriter()
    .fixed(hexToBytes(place.conversation, 32), 32)
    .fixed(hexToBytes(place.requester, 16), 16)
    .uint(place.keyNumber, 4)
    .finish();
  return concatBytes(RESEND_INFO, bytes);
}
