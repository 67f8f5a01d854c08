/** Cards, tokens, parcels and receipts: *Couriers*. */
import { join, number, sized } from "./bytes.ts";
import { hpkeOpen, hpkeSeal } from "./hpke.ts";
import { sha256, signed } from "./primitives.ts";

const PARCEL_SIZES = [4096, 8192, 16_384, 32_768, 65_536];
const CLOCK_SIZES = [128, 256, 512, 1024, 2048, 4096, 8192, 14_272];

export function courierMark(courier: Uint8Array, depositor: Uint8Array): Uint8Array {
  return sha256("kith/courier/1", courier, depositor);
}

export type SecondToken = {
  readonly courier: Uint8Array;
  readonly depositor: Uint8Array;
  readonly recipient: Uint8Array;
  readonly device: Uint8Array;
  readonly parcels: number;
  readonly bytes: number;
  readonly expirySeconds: number;
};

export function tokenBytes(logSeed: Uint8Array, token: SecondToken): Uint8Array {
  const covered = join(
    courierMark(token.courier, token.depositor),
    token.depositor,
    token.recipient,
    token.device,
    number(token.parcels, 1),
    number(token.bytes, 4),
    number(token.expirySeconds, 4),
  );
  return join(covered, signed(logSeed, "kith/token/1", covered));
}

export type SecondCard = {
  readonly device: Uint8Array;
  readonly number: number;
  readonly holder: Uint8Array;
  readonly carries: boolean;
  readonly keyNumber: number;
  readonly publicKey: Uint8Array;
  readonly tokens: readonly Uint8Array[];
};

export function cardBytes(logSeed: Uint8Array, card: SecondCard): Uint8Array {
  const covered = join(
    number(1, 1),
    card.device,
    number(card.number, 6),
    card.holder,
    number(card.carries ? 1 : 0, 1),
    number(card.keyNumber, 4),
    card.publicKey,
    number(card.tokens.length, 1),
    ...card.tokens,
  );
  return join(covered, signed(logSeed, "kith/card/1", covered));
}

export type SecondParcelEntry = {
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
  readonly body: Uint8Array;
};

export function parcelContent(
  conversation: Uint8Array,
  clock: Uint8Array,
  envelopes: readonly { readonly entry: Uint8Array; readonly envelope: Uint8Array }[],
  entries: readonly SecondParcelEntry[],
  letters?: Uint8Array,
): Uint8Array {
  return join(
    conversation,
    sized(2, clock),
    number(envelopes.length, 1),
    ...envelopes.map(({ entry, envelope }) => join(entry, envelope)),
    number(entries.length, 2),
    ...entries.map(({ header, signature, body }) => join(sized(2, header), signature, sized(2, body))),
    ...(letters === undefined ? [] : [sized(2, letters)]),
  );
}

function filled(content: Uint8Array, sizes: readonly number[]): Uint8Array {
  const size = sizes.find((candidate) => candidate >= content.length + 1);
  if (size === undefined) throw new RangeError("no size holds it");
  return join(content, number(0x80, 1), new Uint8Array(size - content.length - 1));
}

const parcelInfo = (device: Uint8Array, keyNumber: number): Uint8Array =>
  join("kith/parcel/1", device, number(keyNumber, 4));

export function sealedParcel(
  publicKey: Uint8Array,
  id: Uint8Array,
  device: Uint8Array,
  keyNumber: number,
  content: Uint8Array,
  randomness: Uint8Array,
): Uint8Array {
  const sealed = hpkeSeal(publicKey, parcelInfo(device, keyNumber), id, filled(content, PARCEL_SIZES), randomness);
  return join(number(keyNumber, 4), sealed);
}

/** With its filling. */
export function openedParcel(
  secret: Uint8Array,
  id: Uint8Array,
  device: Uint8Array,
  keyNumber: number,
  parcel: Uint8Array,
): Uint8Array {
  return hpkeOpen(secret, parcelInfo(device, keyNumber), id, parcel.subarray(4));
}

export function sealedReceiptClock(
  publicKey: Uint8Array,
  id: Uint8Array,
  depositorDevice: Uint8Array,
  keyNumber: number,
  clock: Uint8Array,
  randomness: Uint8Array,
): Uint8Array {
  const info = join("kith/receipt-clock/1", depositorDevice, number(keyNumber, 4));
  return join(number(keyNumber, 4), hpkeSeal(publicKey, info, id, filled(clock, CLOCK_SIZES), randomness));
}

export function receiptBytes(
  logSeed: Uint8Array,
  id: Uint8Array,
  device: Uint8Array,
  isTaken: boolean,
  sealedClock: Uint8Array,
): Uint8Array {
  const covered = join(id, device, number(isTaken ? 1 : 0, 1), sized(2, sealedClock));
  return join(covered, signed(logSeed, "kith/receipt/1", covered));
}
