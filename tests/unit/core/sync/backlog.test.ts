import { afterEach, expect, test } from "vitest";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";

const MESSAGES = 2_000;

let world: CoreWorld;

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

/** All own and other texts, oldest first, with what the receipts say of the last own one. */
async function allTexts(person: CorePerson, withName: string): Promise<string[]> {
  const thread = (await person.threadWith(withName)).id;
  const texts: string[] = [];
  let page = await person.messenger.messages(thread, { at: "newest", limit: 500 });
  texts.unshift(...page.messages.map((message) => message.text));
  while (page.hasOlder) {
    const order = page.messages[0]?.order ?? "";
    page = await person.messenger.messages(thread, { at: "before", order, limit: 500 });
    texts.unshift(...page.messages.map((message) => message.text));
  }
  return texts;
}

test("two thousand messages each way, written apart, arrive in order and once", async () => {
  world = new CoreWorld();
  const [alice, bob] = await world.pair();
  const [a, b] = [(await alice.identity()).peerKey, (await bob.identity()).peerKey];
  world.network.cut(a, b);
  await world.clock.advance(20_000);
  for (let index = 0; index < MESSAGES; index += 1) {
    await alice.send("Bob", `a${index}`);
    await bob.send("Alice", `b${index}`);
  }
  expect((await alice.threadWith("Bob")).waiting).toBe(MESSAGES);

  world.network.heal(a, b);
  await world.clock.advance(60_000);

  const [atAlice, atBob] = [await allTexts(alice, "Bob"), await allTexts(bob, "Alice")];
  expect(atBob).toEqual(atAlice);
  expect(atAlice).toHaveLength(2 * MESSAGES);
  const numbered = (letter: string) => Array.from({ length: MESSAGES }, (_, index) => `${letter}${index}`);
  expect(atAlice.filter((text) => text.startsWith("a"))).toEqual(numbered("a"));
  expect(atAlice.filter((text) => text.startsWith("b"))).toEqual(numbered("b"));
  expect((await alice.threadWith("Bob")).waiting).toBe(0);
  expect((await bob.threadWith("Alice")).waiting).toBe(0);
  expect((await bob.threadWith("Alice")).unread).toBe(MESSAGES);
});
