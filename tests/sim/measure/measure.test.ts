import { expect, test } from "vitest";
import { Chance } from "../chance.ts";
import { DAY_MS } from "../world.ts";
import { bothOnlineAt } from "./baseline.ts";
import { measure, type MeasureOptions } from "./measure.ts";
import { plot } from "./plot.ts";
import { Possible } from "./possible.ts";
import { planSessions } from "./presence.ts";
import { summarise } from "./summary.ts";

const TINY = { seed: 1, share: 0.3, messages: 12, writeDays: 1, followDays: 1 } as const;
const CIRCLES: readonly MeasureOptions["circle"][] = [
  { kind: "two", couriers: 1 },
  { kind: "group", members: 3 },
];
/** Links are as slow here as links are, and a link that is climbing is greeted anew. */
const TOLERANCE_MS = 10_000;

test.each(CIRCLES)(
  "nobody waits longer than if the sender had to be online, nor less than can be: $kind",
  async (circle) => {
    const { delays, failures, messages } = await measure({ ...TINY, circle });
    expect(failures).toEqual([]);
    expect(messages).toBe(TINY.messages);
    expect(delays).toHaveLength(circle.kind === "two" ? TINY.messages : TINY.messages * 2);
    const later = delays.filter(({ kithMs, bothOnlineMs }) => kithMs > bothOnlineMs + TOLERANCE_MS);
    const tooEarly = delays.filter(({ kithMs, possibleMs }) => kithMs < possibleMs - TOLERANCE_MS);
    expect([later, tooEarly]).toEqual([[], []]);
    expect(delays.some(({ kithMs, bothOnlineMs }) => kithMs < bothOnlineMs - TOLERANCE_MS)).toBe(true);
  },
);

test("one seed gives the same figures", async () => {
  const options = { ...TINY, circle: { kind: "two", couriers: 1 } } as const;
  const [first, second] = [await measure(options), await measure(options)];
  expect(second).toEqual(first);
  expect((await measure({ ...options, seed: 2 })).delays).not.toEqual(first.delays);
});

test.each([0.1, 0.3, 0.6])("people are online for %d of the day, and never twice at once", (share) => {
  const days = 30;
  const people = Array.from({ length: 50 }, (_, index) => planSessions(new Chance(1, index), share, days));
  const onlineMs = people.flat().reduce((sum, { from, to }) => sum + to - from, 0);
  expect(onlineMs / (people.length * days * DAY_MS)).toBeCloseTo(share, 1);
  for (const sessions of people) {
    for (const [index, { from }] of sessions.entries())
      expect(from).toBeGreaterThanOrEqual(sessions[index - 1]?.to ?? 0);
  }
});

test("both must be online for as long as it takes to connect", () => {
  const sender = [
    { from: 0, to: 10 },
    { from: 50, to: 100 },
  ];
  const recipient = [
    { from: 9, to: 20 },
    { from: 90, to: 120 },
  ];
  expect(bothOnlineAt(sender, recipient, 5, 2)).toBe(92);
  expect(bothOnlineAt(sender, recipient, 95, 2)).toBe(95);
  expect(bothOnlineAt(sender, recipient, 101, 2)).toBeUndefined();
});

test("the best that can be goes over whoever meets both, and couriers do not meet each other", () => {
  const sessions = [[{ from: 0, to: 10 }], [{ from: 40, to: 60 }], [{ from: 5, to: 20 }], [{ from: 15, to: 45 }]];
  const [inGroup, between] = [
    new Possible({ kind: "group", members: 4 }, sessions, 1),
    new Possible({ kind: "two", couriers: 2 }, sessions, 1),
  ];
  expect(inGroup.arrivals(0, 3)).toEqual([3, 41, 6, 16]);
  expect(between.arrivals(0, 3)).toEqual([3, Infinity, 6, Infinity]);
});

test("what did not arrive counts as longer than all that did, and is shown as such", async () => {
  const circle = { kind: "two", couriers: 1 } as const;
  const delays = [1_000, 2_000, Infinity].map((kithMs) => ({ kithMs, bothOnlineMs: kithMs, possibleMs: kithMs }));
  const run = { delays, messages: 3, share: 0.3, bytesByType: new Map([[20, 300]]), storage: [], failures: [] };
  const summary = summarise(circle, 0.3, [run]);
  expect(summary.kith).toMatchObject({ median: 2_000, p95: null, missing: 1 / 3 });
  expect(summary.bytes).toMatchObject({ all: 100, content: 100 });
  expect(plot([summary])).toContain("more than 3 d");
});
