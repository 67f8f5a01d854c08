import { expect, test } from "vitest";
import type { ConversationId } from "../../../../src/core/codec/ids.ts";
import { Gossip } from "../../../../src/core/sync/gossip.ts";
import type { Session } from "../../../../src/core/sync/session.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const CONVERSATION = "c0" as ConversationId;
const MINUTE_MS = 60_000;

/** How often a connected member is told, while somebody states something new every second for a minute. */
async function tellingsIn(members: number): Promise<number> {
  const clock = new ManualClock();
  let tellings = 0;
  const session = { tellStatements: () => (tellings += 1) } as unknown as Session;
  const gossip = new Gossip(clock, { membersIn: () => members }, () => [session]);
  for (let ms = 0; ms < MINUTE_MS; ms += 1_000) {
    void gossip.statementsChanged(CONVERSATION);
    await clock.advance(1_000);
  }
  return tellings;
}

test("what members state goes round every few seconds, and the more of them there are, the more seldom", async () => {
  const [few, many, most] = [await tellingsIn(9), await tellingsIn(100), await tellingsIn(500)];
  expect(few).toBeGreaterThanOrEqual(15);
  expect(many).toBeGreaterThan(7);
  expect(many).toBeLessThanOrEqual(few / 2 + 1);
  expect(most).toBe(2);
});
