import { expect, test } from "vitest";
import type { ConversationId } from "../../../../src/core/codec/ids.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import type { PeerLink } from "../../../../src/core/sync/peer-link.ts";
import { StatementExchange } from "../../../../src/core/sync/statement-exchange.ts";

/** Mallory's link, and the types of the frames that are sent on it. */
function exchange(isCongested: boolean) {
  const sent: number[] = [];
  const link = { peer: "aa", isCongested, send: (type: number) => sent.push(type) } as unknown as PeerLink;
  const held = { all: [{ type: FRAME.clock, bytes: new Uint8Array(700) }], digest: new Uint8Array(8).fill(7) };
  const host = {
    mayTake: () => true,
    onResendAnswer: () => Promise.resolve(true),
    onStatement: () => Promise.resolve(true),
    statements: () => held,
  };
  return { sent, exchange: new StatementExchange(host, link, "c0" as ConversationId, 1) };
}

const asked = { type: FRAME.statementsDigest, session: 1, payload: new Uint8Array(9) };

test("another digest is answered with all that is held, and with the own one", () => {
  const { sent, exchange: statements } = exchange(false);
  statements.onDigest(asked);
  expect(sent).toEqual([FRAME.clock, FRAME.statementsDigest]);
});

test("whoever asks again and again and reads nothing is answered no more", () => {
  const { sent, exchange: statements } = exchange(true);
  for (let count = 0; count < 100; count += 1) statements.onDigest(asked);
  expect(sent).toEqual([]);
});
