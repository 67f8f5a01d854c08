import { afterEach, beforeEach, expect, test } from "vitest";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;

beforeEach(async () => {
  world = new CoreWorld();
  [alice, bob] = await world.pair();
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

const unread = async (): Promise<number> => (await bob.threadWith("Alice")).unread;

async function say(person: CorePerson, to: string, ...texts: readonly string[]): Promise<void> {
  for (const text of texts) await person.send(to, text);
  await world.clock.advance(1_000);
}

/** Marks everything up to the message with this text. */
async function readTo(text: string): Promise<void> {
  const { id } = await bob.threadWith("Alice");
  const message = (await bob.page(id)).messages.find((candidate) => candidate.text === text);
  await bob.messenger.markRead(id, message?.order ?? "");
  await world.clock.advance(1_000);
}

test("unread messages are counted, read ones told to their author, and both survive a restart", async () => {
  await say(alice, "Bob", "one", "two", "three");
  expect(await unread()).toBe(3);
  await readTo("two");
  expect(await unread()).toBe(1);
  expect(await alice.lines("Bob")).toEqual(["one (read)", "two (read)", "three (delivered)"]);
  await bob.restart();
  await alice.restart();
  expect(await unread()).toBe(1);
  expect(await alice.lines("Bob")).toEqual(["one (read)", "two (read)", "three (delivered)"]);
  await readTo("three");
  expect(await unread()).toBe(0);
  expect(await alice.lines("Bob")).toEqual(["one (read)", "two (read)", "three (read)"]);
});

test("reading moves forward only, and reading again says nothing", async () => {
  await say(alice, "Bob", "one", "two");
  await readTo("two");
  bob.events.length = 0;
  await readTo("one");
  await readTo("two");
  expect(bob.events.filter((event) => event.type === "thread")).toEqual([]);
  expect(await unread()).toBe(0);
});

test("own messages are never unread, and reading them marks what stands above", async () => {
  await say(alice, "Bob", "question");
  await say(bob, "Alice", "answer");
  expect(await unread()).toBe(1);
  await readTo("answer");
  expect(await unread()).toBe(0);
  expect(await alice.lines("Bob")).toEqual(["question (read)", "answer"]);
});

test("a waiting message on the screen marks no later message as read", async () => {
  await say(alice, "Bob", "one");
  await alice.messenger.stop();
  await world.clock.advance(10_000);
  await bob.send("Alice", "waiting");
  await readTo("waiting");
  expect(await unread()).toBe(0);
  await alice.open();
  await alice.messenger.connect();
  await world.clock.advance(40_000);
  await say(alice, "Bob", "two");
  expect(await unread()).toBe(1);
  await readTo("two");
  expect(await alice.lines("Bob")).toContain("two (read)");
});

test("a message that arrives above the read mark is unread until it is seen", async () => {
  await say(alice, "Bob", "one");
  alice.skewMs = -120_000;
  await Promise.all([bob.send("Alice", "mine"), alice.send("Bob", "crossed")]);
  await readTo("mine");
  await world.clock.advance(1_000);
  const texts = await bob.texts("Alice");
  expect(texts.indexOf("crossed")).toBeLessThan(texts.indexOf("mine"));
  expect(await unread()).toBe(1);
  await readTo("mine");
  expect(await unread()).toBe(0);
  expect(await alice.lines("Bob")).toContain("crossed (read)");
  await bob.restart();
  expect(await unread()).toBe(0);
});

test("of several that arrive above the read mark, those below the seen one stay unread", async () => {
  alice.skewMs = -120_000;
  await Promise.all([bob.send("Alice", "mine"), alice.send("Bob", "first"), alice.send("Bob", "second")]);
  await readTo("mine");
  await world.clock.advance(1_000);
  expect(await bob.texts("Alice")).toEqual(["first", "second", "mine"]);
  expect(await unread()).toBe(2);
  await readTo("first");
  expect(await unread()).toBe(1);
  expect(await alice.lines("Bob")).toEqual(["first (read)", "second (delivered)", "mine"]);
  await readTo("mine");
  expect(await unread()).toBe(0);
});

test("read receipts given while the author is away arrive when they meet", async () => {
  await say(alice, "Bob", "one");
  await alice.messenger.stop();
  await world.clock.advance(10_000);
  await readTo("one");
  await alice.open();
  await alice.messenger.connect();
  await world.clock.advance(40_000);
  expect(await alice.lines("Bob")).toEqual(["one (read)"]);
});
