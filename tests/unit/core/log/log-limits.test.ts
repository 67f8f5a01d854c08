import { expect, test } from "vitest";
import { MAX_CHANNEL } from "../../../../src/core/codec/entry.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import type { Suite } from "../../../../src/core/crypto/suite.ts";
import { MAX_LOGS, MAX_UNOPENED } from "../../../../src/core/log/accept.ts";
import { checkBatch, MAX_BATCH_ENTRIES } from "../../../../src/core/log/check.ts";
import type { EntryParts } from "../../../../src/core/log/entry.ts";
import { LogWorld } from "../../../support/log-world.ts";

test("no more logs are begun than a conversation holds, and those that exist go on", async () => {
  const world = new LogWorld();
  const alice = world.device();
  const writers = Array.from({ length: MAX_LOGS / (MAX_CHANNEL + 1) }, () => world.device());
  for (const writer of writers) {
    for (let channel = 0; channel <= MAX_CHANNEL; channel += 1) {
      expect(await alice.accept((await writer.append("first", channel)).parts)).toMatchObject({ kind: "accepted" });
    }
  }
  const before = alice.store.snapshot().trees.get("entries");
  const late = await world.device().append("one too many");
  expect(await alice.accept(late.parts)).toEqual({ kind: "unlinked" });
  expect(alice.store.snapshot().trees.get("entries")).toBe(before);
  const [first] = writers;
  if (first === undefined) throw new Error("no writer");
  expect(await alice.accept((await first.append("second")).parts)).toMatchObject({ kind: "accepted", count: 1 });
});

test("a batch that repeats one entry costs one signature check, a forged repetition none less", async () => {
  const world = new LogWorld();
  const alice = world.device();
  const { parts } = await alice.append("again and again");
  const real = createSuite();
  const logKey = real.publicKey(alice.logSeed);
  let checks = 0;
  const counting: Suite = {
    ...real,
    verify(...args) {
      checks += 1;
      return real.verify(...args);
    },
  };
  const batch = Array.from({ length: MAX_BATCH_ENTRIES }, () => parts);
  const check = (entries: readonly EntryParts[]) =>
    checkBatch(counting, world.clock, world.conversation, entries, () => logKey);
  expect(await check(batch)).toMatchObject({ kind: "checked" });
  expect(checks).toBe(1);
  const forged = { ...parts, signature: new Uint8Array(64) };
  expect(await check([...batch, forged])).toEqual({
    kind: "rejected",
    reason: "bad-signature",
  });
});

test("entries that wait for what never comes are kept up to a limit, and open when it comes after all", async () => {
  const world = new LogWorld();
  const [alice, bob, mallory] = [world.device(), world.device(), world.device()];
  const missing = await bob.append("what all wait for");
  await mallory.accept(missing.parts);
  const limit = MAX_UNOPENED + MAX_BATCH_ENTRIES;
  let held = 0;
  let isTaken = true;
  while (isTaken && held < 2 * limit) {
    const batch = [];
    for (let index = 0; index < MAX_BATCH_ENTRIES; index += 1) batch.push((await mallory.append("waits")).parts);
    isTaken = (await alice.accept(...batch)).kind === "accepted";
    if (isTaken) held += batch.length;
  }
  expect(held).toBe(limit);
  expect(alice.opened).toEqual([]);
  await alice.accept(missing.parts);
  expect(alice.opened).toHaveLength(limit + 1);
}, 20_000);
