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

test("what was sent once on a link is sent again ever more rarely, however often it is asked for", () => {
  const { sent, exchange: statements } = exchange(false);
  for (let count = 0; count < 100; count += 1) statements.onDigest(asked);
  // With the first question, and with the 1st, 2nd, 4th … that came after it in vain.
  expect(sent.filter((type) => type === FRAME.clock)).toHaveLength(1 + 7);
});

test("what came from the peer is not sent back to it", async () => {
  const { sent, exchange: statements } = exchange(false);
  await statements.take({ type: FRAME.clock, session: 1, payload: new Uint8Array(700) });
  statements.sendNew();
  expect(sent).toEqual([]);
});
