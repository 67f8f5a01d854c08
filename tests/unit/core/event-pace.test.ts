import { beforeEach, expect, test } from "vitest";
import { EventPace } from "../../../src/core/event-pace.ts";
import type { AccountId, MessageView, MessengerEvent, ThreadId, ThreadView } from "../../../src/core/views.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const bob = "bob" as ThreadId;
const carol = "carol" as ThreadId;

let clock: ManualClock;
let told: MessengerEvent[];
let pace: EventPace;

beforeEach(() => {
  clock = new ManualClock();
  told = [];
  pace = new EventPace(clock, (event) => told.push(event));
});

test("tells a few messages at once, each for itself", () => {
  for (let index = 0; index < 20; index += 1) pace.emit(messages(bob, [`m${index}`]));
  expect(told).toHaveLength(20);
});

test("tells of a backlog a few times a second, everything and in order", async () => {
  for (let batch = 0; batch < 100; batch += 1) {
    pace.emit(messages(bob, many(`${batch}/`)));
    pace.emit(threadOf(bob, batch));
    await clock.advance(10);
  }
  await clock.advance(1_000);
  const batches = told.filter((event) => event.type === "messages");
  expect(batches.flatMap(({ upserts }) => upserts.map(({ id }) => id))).toEqual(
    Array.from({ length: 100 }, (_, batch) => many(`${batch}/`)).flat(),
  );
  // A second of batches, one every 10 ms.
  expect(batches.length).toBeLessThan(10);
  expect(told.at(-1)).toEqual(threadOf(bob, 99));
});

test("what changed twice while it waited is told as it is in the end", async () => {
  pace.emit(messages(bob, many("first")));
  pace.emit(messages(bob, ["pending", "cancelled"]));
  pace.emit(messages(bob, ["pending"], ["cancelled"]));
  pace.emit(messages(bob, [], ["gone"]));
  pace.emit(messages(bob, ["gone"]));
  expect(told).toHaveLength(1);
  await clock.advance(300);
  expect(told.slice(1)).toEqual([messages(bob, ["pending", "gone"], ["cancelled"])]);
});

test("a backlog of one conversation keeps its order with what is told of the whole app, and loses nothing of others", () => {
  pace.emit(messages(bob, many("first")));
  pace.emit(messages(bob, ["later"]));
  pace.emit(messages(carol, ["hello"]));
  pace.emit({ type: "thread-removed", thread: bob });
  expect(told.slice(1)).toEqual([
    messages(bob, ["later"]),
    messages(carol, ["hello"]),
    { type: "thread-removed", thread: bob },
  ]);
});

test("a message long after a backlog is told at once again", async () => {
  pace.emit(messages(bob, many("first")));
  pace.emit(messages(bob, ["held"]));
  await clock.advance(1_000);
  pace.emit(messages(bob, ["single"]));
  expect(told.at(-1)).toEqual(messages(bob, ["single"]));
});

test("holds no more than some thousands, also when no time passes", () => {
  for (let batch = 0; batch < 100; batch += 1) pace.emit(messages(bob, many(`${batch}/`)));
  const count = told.reduce((sum, event) => sum + (event.type === "messages" ? event.upserts.length : 0), 0);
  expect(count).toBeGreaterThan(100 * 40 - 3_000);
});

function many(prefix: string): string[] {
  return Array.from({ length: 40 }, (_, index) => `${prefix}${index}`);
}

function messages(thread: ThreadId, ids: readonly string[], removed: readonly string[] = []): MessengerEvent {
  return { type: "messages", thread, upserts: ids.map(message), removed };
}

function message(id: string): MessageView {
  return {
    id,
    order: id,
    author: "bob" as AccountId,
    authorName: "Bob",
    isOwn: false,
    kind: "text",
    text: id,
    writtenAt: 0,
    orderedAt: 0,
    isLate: false,
    isPending: false,
  };
}

function threadOf(id: ThreadId, unread: number): MessengerEvent {
  const view: ThreadView = {
    id,
    kind: "direct",
    name: "Bob",
    contact: {
      account: "bob" as AccountId,
      name: "Bob",
      privateName: "",
      isConfirmed: true,
      isBlocked: false,
      isVerified: false,
    },
    path: { kind: "direct" },
    unread,
    waiting: 0,
    activeAt: 0,
    draft: "",
  };
  return { type: "thread", thread: view };
}
