import { afterEach, beforeEach, expect, test } from "vitest";
import type { MessagesPage, PageQuery, ThreadId } from "../../../../src/core/views.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let thread: ThreadId;

/** Bob has m0 to m29 from Alice; the first ten are read. */
beforeEach(async () => {
  world = new CoreWorld();
  [alice, bob] = await world.pair();
  for (let index = 0; index < 10; index += 1) await alice.send("Bob", `m${index}`);
  await world.clock.advance(1_000);
  await bob.readAll("Alice");
  for (let index = 10; index < 30; index += 1) await alice.send("Bob", `m${index}`);
  await world.clock.advance(1_000);
  thread = (await bob.threadWith("Alice")).id;
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

const page = (query: PageQuery): Promise<MessagesPage> => bob.messenger.messages(thread, query);
const span = ({ messages, hasOlder, hasNewer }: MessagesPage) => ({
  texts: [messages[0]?.text, messages.at(-1)?.text, messages.length],
  hasOlder,
  hasNewer,
});

test("the newest page ends with what waits", async () => {
  await alice.messenger.stop();
  await world.clock.advance(10_000);
  await bob.send("Alice", "waiting");
  expect(span(await page({ at: "newest", limit: 5 }))).toEqual({
    texts: ["m25", "waiting", 6],
    hasOlder: true,
    hasNewer: false,
  });
  const ends = await page({ at: "newest", limit: 500 });
  expect(span(ends)).toEqual({ texts: ["m0", "waiting", 31], hasOlder: false, hasNewer: false });
  expect(ends.messages.map((message) => message.order)).toEqual(
    ends.messages.map((message) => message.order).toSorted(),
  );
});

test("pages on either side of a message leave nothing out and repeat nothing", async () => {
  const newest = await page({ at: "newest", limit: 7 });
  const order = newest.messages[0]?.order ?? "";
  const older = await page({ at: "before", order, limit: 7 });
  expect(span(older)).toEqual({ texts: ["m16", "m22", 7], hasOlder: true, hasNewer: true });
  const back = await page({ at: "after", order: older.messages.at(-1)?.order ?? "", limit: 7 });
  expect(back.messages).toEqual(newest.messages);
  expect(back.hasNewer).toBe(false);
  const first = await page({ at: "before", order: older.messages[0]?.order ?? "", limit: 100 });
  expect(span(first)).toEqual({ texts: ["m0", "m15", 16], hasOlder: false, hasNewer: true });
  expect(span(await page({ at: "before", order: first.messages[0]?.order ?? "", limit: 5 })).texts).toEqual([
    undefined,
    undefined,
    0,
  ]);
});

test("the unread page stands around the first unread message", async () => {
  const unread = await page({ at: "unread", limit: 5 });
  expect(span(unread)).toEqual({ texts: ["m5", "m14", 10], hasOlder: true, hasNewer: true });
  expect(unread.messages.find((message) => message.order > unread.readUpTo)?.text).toBe("m10");
  await bob.readAll("Alice");
  expect(span(await page({ at: "unread", limit: 5 }))).toEqual({
    texts: ["m25", "m29", 5],
    hasOlder: true,
    hasNewer: false,
  });
});

test("a page is never larger than 500, nor empty because somebody asked for none", async () => {
  expect((await page({ at: "newest", limit: 1_000_000 })).messages).toHaveLength(30);
  expect((await page({ at: "newest", limit: 0 })).messages).toHaveLength(1);
});
