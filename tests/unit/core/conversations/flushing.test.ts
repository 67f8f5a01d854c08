import { afterEach, expect, test } from "vitest";
import { CoreWorld } from "../../../support/core-world.ts";

const MESSAGES = 600;

let world: CoreWorld;

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

/** Alice wrote to Bob while he was away. */
async function waiting() {
  world = new CoreWorld();
  const [alice, bob] = await world.pair();
  const [a, b] = [(await alice.identity()).peerKey, (await bob.identity()).peerKey];
  world.network.cut(a, b);
  await world.clock.advance(20_000);
  const ids: string[] = [];
  for (let index = 0; index < MESSAGES; index += 1) ids.push(await alice.send("Bob", `m${index}`));
  return { alice, bob, ids, meet: () => world.network.heal(a, b) };
}

test("a message that waits far behind is cancelled while those before it leave", async () => {
  const { alice, bob, ids, meet } = await waiting();
  const thread = (await alice.threadWith("Bob")).id;
  const isLeaving = new Promise<void>((resolve) => {
    const stop = alice.messenger.subscribe((event) => {
      if (event.type !== "messages" || event.upserts.every((message) => message.isPending)) return;
      stop();
      resolve();
    });
  });
  meet();
  const cancelled = isLeaving.then(() => alice.messenger.cancelPending(thread, ids.at(-1) ?? ""));
  await world.clock.advance(30_000);
  expect(await cancelled).toEqual({ kind: "done" });
  expect(await bob.texts("Alice")).toEqual(Array.from({ length: MESSAGES - 1 }, (_, index) => `m${index}`));
  expect((await alice.threadWith("Bob")).waiting).toBe(0);
});

test("what another write changed while messages were signed is signed anew, and nothing is doubled", async () => {
  const { alice, bob, ids, meet } = await waiting();
  const thread = (await alice.threadWith("Bob")).id;
  const { pause } = world.clock;
  let isTaken = false;
  world.clock.pause = async () => {
    if (!isTaken) {
      isTaken = true;
      // As a deletion by another part would, between reading the outbox and putting the entries.
      await alice.store.write(["outbox"], "strict", async (tx) => {
        const [first] = await tx.range("outbox", { prefix: [thread], limit: 1 });
        if (first !== undefined) tx.delete("outbox", first.key);
      });
    }
    await pause.call(world.clock);
  };
  world.clock.monotonic = everLater(world.clock.monotonic.bind(world.clock));
  meet();
  await world.clock.advance(30_000);
  expect(isTaken).toBe(true);
  expect(ids).toHaveLength(MESSAGES);
  expect(await bob.texts("Alice")).toEqual(Array.from({ length: MESSAGES - 1 }, (_, index) => `m${index + 1}`));
  expect(await alice.texts("Bob")).toEqual(await bob.texts("Alice"));
});

/** Work takes time here: every look at the clock finds it a little later. */
function everLater(monotonic: () => number): () => number {
  let extraMs = 0;
  return () => {
    extraMs += 1;
    return monotonic() + extraMs;
  };
}
