import { expect, test } from "vitest";
import type { ConversationId, DeviceId, PeerKey } from "../../../../src/core/codec/ids.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { NumberExchange } from "../../../../src/core/sync/number-exchange.ts";
import type { PeerLink } from "../../../../src/core/sync/peer-link.ts";
import {
  decodeStatementNumbers,
  encodeStatementNumbers,
  type StatementNumber,
  statementName,
} from "../../../../src/core/sync/statement-numbers.ts";
import { StatementWants } from "../../../../src/core/sync/statement-wants.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const conversation = "c0" as ConversationId;
const carol = "ca".repeat(16) as DeviceId;
const dave = "da".repeat(16) as DeviceId;

const clockOf = (device: DeviceId, number: number): StatementNumber => ({ kind: "clock", device, number });
const heldFrame = (...rows: readonly StatementNumber[]) => numbersFrame(false, rows);
const wantedFrame = (...rows: readonly StatementNumber[]) => numbersFrame(true, rows);

function numbersFrame(isWanted: boolean, rows: readonly StatementNumber[]) {
  const [payload] = encodeStatementNumbers({ isWanted, rows });
  return { type: FRAME.statementNumbers, session: 1, payload: payload ?? new Uint8Array(0) };
}

/** Alice's device, which holds these, with links to others. */
function device(held: readonly StatementNumber[]) {
  const clock = new ManualClock();
  const numbers = new Map(held.map((row) => [statementName(row), row]));
  const shared = { clock, wants: new StatementWants() };
  const host = {
    mayTake: () => true,
    digestOfNumbers: () => new Uint8Array(8).fill(7),
    statementNumber: (_: ConversationId, of: Pick<StatementNumber, "kind" | "device">) =>
      numbers.get(statementName(of))?.number,
    statementNumbers: () => numbers,
    statementSince: (_: ConversationId, { device: of }: Pick<StatementNumber, "device">, number: number) => ({
      type: number === 0 ? FRAME.clock : FRAME.clockChange,
      bytes: new TextEncoder().encode(of),
    }),
    onClockChange: () => Promise.resolve({ device: carol, number: 9, lacking: 2 }),
  };
  const linkTo = (peer: string, { isOpener = true, isCongested = false } = {}) => {
    const sent: string[] = [];
    const link = {
      peer: peer as PeerKey,
      isOpener,
      isCongested,
      isClosed: false,
      send: (type: number, _: number, payload: Uint8Array) => sent.push(told(type, payload)),
    };
    const exchange = new NumberExchange(host, link as unknown as PeerLink, conversation, 1, shared);
    return { exchange, sent };
  };
  return { clock, linkTo, learn: (row: StatementNumber) => numbers.set(statementName(row), row) };
}

function told(type: number, payload: Uint8Array): string {
  if (type === FRAME.clock) return "whole";
  if (type === FRAME.clockChange) return "change";
  const { isWanted, rows } = decodeStatementNumbers(payload);
  return `${isWanted ? "wanted" : "held"} ${rows.map(({ number }) => number).join(" ")}`;
}

test("who differs in the hello is told all that is held, and nothing of it again", async () => {
  const { linkTo } = device([clockOf(carol, 3), clockOf(dave, 0)]);
  const { exchange, sent } = linkTo("bob");
  exchange.begin(new Uint8Array(8));
  await exchange.tellInTurn();
  expect(sent).toEqual(["held 3"]);
});

test("who holds the same is told of nothing but what is newer", async () => {
  const { linkTo, learn } = device([clockOf(carol, 3), clockOf(dave, 5)]);
  const { exchange, sent } = linkTo("bob");
  exchange.begin(new Uint8Array(8).fill(7));
  learn(clockOf(dave, 6));
  await exchange.tellInTurn();
  expect(sent).toEqual(["held 6"]);
});

test("what several hold is asked of one, and of another when nothing came", async () => {
  const { clock, linkTo, learn } = device([clockOf(carol, 2)]);
  const [bob, erin] = [linkTo("bob"), linkTo("erin")];
  await bob.exchange.onNumbers(heldFrame(clockOf(carol, 3)));
  await erin.exchange.onNumbers(heldFrame(clockOf(carol, 3)));
  expect([bob.sent, erin.sent]).toEqual([["wanted 2"], []]);
  await clock.advance(2_000);
  expect([...bob.sent, ...erin.sent]).toHaveLength(2);
  learn(clockOf(carol, 3));
  await clock.advance(600_000);
  expect([...bob.sent, ...erin.sent]).toHaveLength(2);
});

test("somebody who has nothing of what they tell is asked ever more rarely, and in the end no more", async () => {
  const { clock, linkTo } = device([clockOf(carol, 2)]);
  const { exchange, sent } = linkTo("mallory");
  await exchange.onNumbers(heldFrame(clockOf(carol, 3)));
  await clock.advance(24 * 3_600_000);
  expect(sent).toHaveLength(6);
});

test("what a device states that is not known yet is asked for once it is", async () => {
  const { linkTo, learn } = device([]);
  const { exchange, sent } = linkTo("bob");
  await exchange.onNumbers(heldFrame(clockOf(carol, 3)));
  expect(sent).toEqual([]);
  learn(clockOf(carol, 0));
  exchange.ask();
  expect(sent).toEqual(["wanted 0"]);
});

test("what is wanted is sent as what changed, what is not newer is not, and who does not read gets nothing", async () => {
  const { linkTo } = device([clockOf(carol, 3), clockOf(dave, 3)]);
  const [bob, mallory] = [linkTo("bob"), linkTo("mallory", { isCongested: true })];
  const wanted = wantedFrame(clockOf(carol, 0), clockOf(carol, 2), clockOf(dave, 3));
  for (const { exchange } of [bob, mallory]) await exchange.onNumbers(wanted);
  expect([bob.sent, mallory.sent]).toEqual([["whole", "change"], []]);
});

test("a change of a clock that is not held is followed by the question for what there is since the held one", async () => {
  const { linkTo } = device([clockOf(carol, 2)]);
  const { exchange, sent } = linkTo("bob");
  await exchange.onClockChange({ type: FRAME.clockChange, session: 1, payload: new Uint8Array(1) });
  expect(sent).toEqual(["wanted 2"]);
});

test("of two who have the same to tell, one waits for the other", async () => {
  const { clock, linkTo } = device([clockOf(carol, 3)]);
  const { exchange, sent } = linkTo("bob", { isOpener: false });
  const telling = exchange.tellInTurn();
  await exchange.onNumbers(heldFrame(clockOf(carol, 3)));
  await clock.advance(1_000);
  await telling;
  expect(sent).toEqual([]);
});
