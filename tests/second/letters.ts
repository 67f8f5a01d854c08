/** Early copies of messages that wait: *Letters*. */
import { join, number, sized } from "./bytes.ts";
import { hpkeOpen, hpkeSeal } from "./hpke.ts";
import { isSigned, signed } from "./primitives.ts";

export type SecondLetter = {
  readonly id: Uint8Array;
  readonly content: Uint8Array;
};

export type SecondLettersPlace = {
  readonly conversation: Uint8Array;
  readonly recipient: Uint8Array;
  readonly parcel: Uint8Array;
};

const infoFor = (place: SecondLettersPlace, keyNumber: number): Uint8Array =>
  join("kith/letter/1", place.conversation, place.recipient, number(keyNumber, 4));

const coveredBy = ({ conversation, recipient, parcel }: SecondLettersPlace, written: Uint8Array): Uint8Array =>
  join(conversation, recipient, parcel, written);

export function sealedLetters(
  publicKey: Uint8Array,
  place: SecondLettersPlace,
  author: { readonly device: Uint8Array; readonly logSeed: Uint8Array },
  keyNumber: number,
  letters: readonly SecondLetter[],
  randomness: Uint8Array,
): Uint8Array {
  const written = join(
    author.device,
    number(letters.length, 2),
    ...letters.map(({ id, content }) => join(id, sized(2, content))),
  );
  const plaintext = join(written, signed(author.logSeed, "kith/letter/1", coveredBy(place, written)));
  const sealed = hpkeSeal(publicKey, infoFor(place, keyNumber), place.parcel, plaintext, randomness);
  return join(number(keyNumber, 4), sealed);
}

/** Device, count and letters. */
export function openedLetters(
  secret: Uint8Array,
  place: SecondLettersPlace,
  logKey: Uint8Array,
  keyNumber: number,
  sealed: Uint8Array,
): Uint8Array {
  const plaintext = hpkeOpen(secret, infoFor(place, keyNumber), place.parcel, sealed.subarray(4));
  const written = plaintext.subarray(0, -64);
  if (!isSigned(logKey, "kith/letter/1", coveredBy(place, written), plaintext.subarray(-64))) {
    throw new RangeError("not signed");
  }
  return written;
}
