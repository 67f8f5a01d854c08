/** Resend bodies and answers: *Resend*. */
import { join, number, sized } from "./bytes.ts";
import { hpkeOpen, hpkeSeal } from "./hpke.ts";

export type SecondRange = {
  readonly device: Uint8Array;
  readonly channel: number;
  readonly from: number;
  readonly to: number;
};

export function resendBytes(ranges: readonly SecondRange[]): Uint8Array {
  const rows = ranges.map((row) => join(row.device, number(row.channel, 1), number(row.from, 4), number(row.to, 4)));
  return join(number(ranges.length, 1), ...rows);
}

export type SecondOpening = {
  readonly device: Uint8Array;
  readonly channel: number;
  readonly seq: number;
  readonly opening: Uint8Array;
};

const info = (conversation: Uint8Array, requester: Uint8Array, keyNumber: number): Uint8Array =>
  join("kith/resend/1", conversation, requester, number(keyNumber, 4));

export function answerContent(openings: readonly SecondOpening[]): Uint8Array {
  return join(
    ...openings.map((row) => join(row.device, number(row.channel, 1), number(row.seq, 4), sized(2, row.opening))),
  );
}

export function sealAnswer(
  publicKey: Uint8Array,
  conversation: Uint8Array,
  requester: Uint8Array,
  keyNumber: number,
  content: Uint8Array,
  randomness: Uint8Array,
): Uint8Array {
  return hpkeSeal(publicKey, info(conversation, requester, keyNumber), "", content, randomness);
}

export function openAnswer(
  secret: Uint8Array,
  conversation: Uint8Array,
  requester: Uint8Array,
  keyNumber: number,
  answer: Uint8Array,
): Uint8Array {
  return hpkeOpen(secret, info(conversation, requester, keyNumber), "", answer);
}
