/**
 * Envelopes (PROTOCOL, Envelopes): the seed of an epoch, sealed to one member device. They travel apart from the entry, which
 * names their hashes; the commitment in the entry gives every recipient the same seed.
 */
import { concatBytes, equalBytes, hexToBytes, textToBytes } from "../codec/bytes.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import { SEAL_OVERHEAD_BYTES } from "./hpke.ts";
import { domainHash, type Suite } from "./suite.ts";

export const SEED_BYTES = 32;
export const ENVELOPE_BYTES = SEAL_OVERHEAD_BYTES + SEED_BYTES;

const ENVELOPE_INFO = textToBytes("kith/envelope/1");
const COMMITMENT_DOMAIN = "kith/commit/1";

/** The epoch a seed belongs to. */
export interface Epoch {
  readonly conversation: ConversationId;
  /** The device whose chain it is. */
  readonly author: DeviceId;
  readonly epoch: number;
}

/** Where an envelope belongs: it opens nowhere else. */
export interface EnvelopePlace extends Epoch {
  readonly recipient: DeviceId;
  /** Number of the recipient's key package. */
  readonly keyNumber: number;
  /** Seq of the rekey entry (of its first part). */
  readonly seq: number;
  /** The seed commitment of that entry, 32 bytes. */
  readonly commitment: Uint8Array;
}

/** SHA-256("kith/commit/1" | conversation 32 | author 16 | epoch 4 | seed 32) */
export function seedCommitment(suite: Suite, { conversation, author, epoch }: Epoch, seed: Uint8Array): Uint8Array {
  const bytes = new ByteWriter()
    .fixed(hexToBytes(conversation, 32), 32)
    .fixed(hexToBytes(author, 16), 16)
    .uint(epoch, 4)
    .fixed(seed, SEED_BYTES)
    .finish();
  return domainHash(suite, COMMITMENT_DOMAIN, bytes);
}

/**
 * 1168 bytes: HPKE of the seed to the recipient's key, with
 *
 *     info = "kith/envelope/1" | conversation 32 | author 16 | epoch 4 | recipient 16 | key number 4
 *     aad  = seq 4 | seed commitment 32
 */
export function sealEnvelope(suite: Suite, place: EnvelopePlace, publicKey: Uint8Array, seed: Uint8Array): Uint8Array {
  if (seed.length !== SEED_BYTES) throw new RangeError("a seed has 32 bytes");
  return suite.seal(publicKey, infoOf(place), aadOf(place), seed);
}

/**
 * The seed, or undefined if the envelope is damaged, of another place, or holds another seed than the one committed to.
 * `kemSeed`: the secret of the recipient's key package of that number.
 */
export function openEnvelope(
  suite: Suite,
  place: EnvelopePlace,
  kemSeed: Uint8Array,
  envelope: Uint8Array,
): Uint8Array | undefined {
  if (envelope.length !== ENVELOPE_BYTES) return undefined;
  const seed = suite.unseal(kemSeed, infoOf(place), aadOf(place), envelope);
  if (seed?.length !== SEED_BYTES) return undefined;
  return equalBytes(seedCommitment(suite, place, seed), place.commitment) ? seed : undefined;
}

/** SHA-256 of the envelope: what the rekey entry names, so that a carrier can tell a damaged one without opening it. */
export function envelopeHash(suite: Suite, envelope: Uint8Array): Uint8Array {
  return suite.hash(envelope);
}

function infoOf(place: EnvelopePlace): Uint8Array {
  const bytes = new ByteWriter()
    .fixed(hexToBytes(place.conversation, 32), 32)
    .fixed(hexToBytes(place.author, 16), 16)
    .uint(place.epoch, 4)
    .fixed(hexToBytes(place.recipient, 16), 16)
    .uint(place.keyNumber, 4)
    .finish();
  return concatBytes(ENVELOPE_INFO, bytes);
}

function aadOf(place: EnvelopePlace): Uint8Array {
  return new ByteWriter().uint(place.seq, 4).fixed(place.commitment, 32).finish();
}
