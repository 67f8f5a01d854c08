/** Rekey bodies, seed commitments and envelopes: *Rekey*. */
import { join, number, Reader } from "./bytes.ts";
import { hpkeOpen, hpkeSeal } from "./hpke.ts";
import { sha256 } from "./primitives.ts";

export type SecondRecipient = {
  readonly device: Uint8Array;
  readonly keyNumber: number;
  readonly envelopeHash: Uint8Array;
};

export type SecondRekey = {
  readonly epoch: number;
  readonly commitment: Uint8Array;
  /** The key package of the first part; the second has none. */
  readonly keyPackage: Uint8Array | null;
  readonly recipients: readonly SecondRecipient[];
};

export function rekeyBytes({ epoch, commitment, keyPackage, recipients }: SecondRekey): Uint8Array {
  return join(
    number(epoch, 4),
    commitment,
    keyPackage === null ? number(1, 1) : join(number(0, 1), keyPackage),
    number(recipients.length, 2),
    ...recipients.map((row) => join(row.device, number(row.keyNumber, 4), row.envelopeHash)),
  );
}

export function readRekey(bytes: Uint8Array): SecondRekey {
  const reader = new Reader(bytes);
  const epoch = reader.number(4);
  const commitment = reader.take(32);
  const part = reader.number(1);
  const keyPackage = part === 0 ? reader.take(1332) : null;
  const recipients = reader.times(reader.number(2), () => ({
    device: reader.take(16),
    keyNumber: reader.number(4),
    envelopeHash: reader.take(32),
  }));
  reader.end();
  return { epoch, commitment, keyPackage, recipients };
}

export function seedCommitment(
  conversation: Uint8Array,
  author: Uint8Array,
  epoch: number,
  seed: Uint8Array,
): Uint8Array {
  return sha256("kith/commit/1", conversation, author, number(epoch, 4), seed);
}

export type EnvelopePlace = {
  readonly conversation: Uint8Array;
  readonly author: Uint8Array;
  readonly epoch: number;
  readonly recipient: Uint8Array;
  readonly keyNumber: number;
  /** Of the rekey entry, of its first part. */
  readonly seq: number;
  readonly commitment: Uint8Array;
};

const info = (place: EnvelopePlace): Uint8Array =>
  join(
    "kith/envelope/1",
    place.conversation,
    place.author,
    number(place.epoch, 4),
    place.recipient,
    number(place.keyNumber, 4),
  );
const aad = (place: EnvelopePlace): Uint8Array => join(number(place.seq, 4), place.commitment);

/** @param randomness 64 bytes, of the X-Wing draft's derandomised encapsulation. */
export function sealEnvelope(
  publicKey: Uint8Array,
  place: EnvelopePlace,
  seed: Uint8Array,
  randomness: Uint8Array,
): Uint8Array {
  return hpkeSeal(publicKey, info(place), aad(place), seed, randomness);
}

/** Throws if it does not open. */
export function openEnvelope(secret: Uint8Array, place: EnvelopePlace, envelope: Uint8Array): Uint8Array {
  return hpkeOpen(secret, info(place), aad(place), envelope);
}
