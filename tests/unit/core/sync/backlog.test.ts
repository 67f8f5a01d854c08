import { afterEach, expect, test } from "vitest";
import { CoreWorld } from "../../../support/core-world.ts";

const MESSAGES = 2_000;

let world: CoreWorld;

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

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

  const [atAlice, atBob] = [await alice.texts("Bob"), await bob.texts("Alice")];
  expect(atBob).toEqual(atAlice);
  expect(atAlice).toHaveLength(2 * MESSAGES);
  const numbered = (letter: string) => Array.from({ length: MESSAGES }, (_, index) => `${letter}${index}`);
  expect(atAlice.filter((text) => text.startsWith("a"))).toEqual(numbered("a"));
  expect(atAlice.filter((text) => text.startsWith("b"))).toEqual(numbered("b"));
  expect((await alice.threadWith("Bob")).waiting).toBe(0);
  expect((await bob.threadWith("Alice")).waiting).toBe(0);
  expect((await bob.threadWith("Alice")).unread).toBe(MESSAGES);
});
