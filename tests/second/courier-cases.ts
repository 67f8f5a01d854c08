/** The frozen case of what couriers carry: bob is away, alice leaves him a parcel. */
import {
  cardBytes,
  courierMark,
  parcelContent,
  receiptBytes,
  sealedParcel,
  sealedReceiptClock,
  type SecondParcelEntry,
  tokenBytes,
} from "./courier.ts";
import { xWingKey } from "./hpke.ts";
import { sealedLetters } from "./letters.ts";
import { textContent } from "./message-content.ts";

type Person = {
  readonly account: Uint8Array;
  readonly device: Uint8Array;
  readonly logSeed: Uint8Array;
  readonly logKey: Uint8Array;
  readonly kemSeed: Uint8Array;
};

type Given = {
  readonly fixed: (name: string, length?: number) => Uint8Array;
  readonly alice: Person;
  readonly bob: Person;
  readonly conversation: Uint8Array;
  readonly rekeyId: Uint8Array;
  readonly envelope: Uint8Array;
  readonly entries: readonly SecondParcelEntry[];
  readonly clock: Uint8Array;
  readonly createdMs: number;
  readonly expirySeconds: number;
};

export function courierCase(given: Given) {
  const { fixed, alice, bob } = given;
  const parcelId = fixed("parcel", 16);
  const envelopes = [{ entry: given.rekeyId, envelope: given.envelope }];
  const content = parcelContent(given.conversation, given.clock, envelopes, given.entries);
  const token = {
    courier: fixed("courier's account"),
    depositor: alice.account,
    recipient: bob.account,
    device: bob.device,
    parcels: 5,
    bytes: 524_288,
    expirySeconds: given.expirySeconds,
  };
  const card = {
    device: bob.device,
    number: given.createdMs,
    holder: alice.account,
    carries: true,
    keyNumber: 3,
    publicKey: xWingKey(bob.kemSeed),
    tokens: [tokenBytes(bob.logSeed, token)],
  };
  const [parcelRandomness, receiptRandomness] = [fixed("parcel randomness", 64), fixed("receipt randomness", 64)];
  const readerKey = xWingKey(alice.kemSeed);
  const lettersParcel = fixed("parcel of letters", 16);
  const lettersRandomness = fixed("letters randomness", 64);
  const rank = `${given.createdMs.toString(16).padStart(12, "0")}0007`;
  const letter = { id: fixed("letter", 16), content: textContent("on my way", given.createdMs, rank) };
  const lettersPlace = { conversation: given.conversation, recipient: bob.device, parcel: lettersParcel };
  const letters = sealedLetters(card.publicKey, lettersPlace, alice, 5, [letter], lettersRandomness);
  const sealedClock = sealedReceiptClock(readerKey, parcelId, alice.device, 2, given.clock, receiptRandomness);
  return {
    logSeed: bob.logSeed,
    logKey: bob.logKey,
    mark: courierMark(token.courier, token.depositor),
    token: { ...token, encoded: tokenBytes(bob.logSeed, token) },
    card: { ...card, encoded: cardBytes(bob.logSeed, card) },
    parcelId,
    content,
    kemSeed: bob.kemSeed,
    parcelRandomness,
    parcel: sealedParcel(card.publicKey, parcelId, bob.device, 3, content, parcelRandomness),
    readerDevice: alice.device,
    readerKemSeed: alice.kemSeed,
    receiptRandomness,
    clock: given.clock,
    sealedClock,
    receipt: receiptBytes(bob.logSeed, parcelId, bob.device, true, sealedClock),
    letters: {
      parcelId: lettersParcel,
      conversation: given.conversation,
      device: alice.device,
      logSeed: alice.logSeed,
      logKey: alice.logKey,
      keyNumber: 5,
      text: "on my way",
      at: given.createdMs,
      rank,
      letter,
      randomness: lettersRandomness,
      sealed: letters,
      content: parcelContent(given.conversation, new Uint8Array(0), [], [], letters),
    },
  };
}
