import { afterEach, beforeEach, expect, test } from "vitest";
import { MAX_TEXT_BYTES } from "../../../../src/core/views.ts";
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

test("waiting counts what is in the outbox and what was sent and not yet opened", async () => {
  expect((await alice.threadWith("Bob")).waiting).toBe(0);
  await bob.messenger.stop();
  await alice.send("Bob", "into the dead link");
  await world.clock.advance(20_000);
  await alice.send("Bob", "into the outbox");
  expect((await alice.threadWith("Bob")).waiting).toBe(2);
  expect(await alice.lines("Bob")).toEqual(["into the dead link (waiting)", "into the outbox (waiting)"]);
  await alice.restart();
  expect((await alice.threadWith("Bob")).waiting).toBe(2);
  await bob.open();
  await bob.messenger.connect();
  await world.clock.advance(40_000);
  expect((await alice.threadWith("Bob")).waiting).toBe(0);
  expect(await bob.texts("Alice")).toEqual(["into the dead link", "into the outbox"]);
});

test("a draft is kept for its conversation, through a restart and through messages that come", async () => {
  const { id } = await alice.threadWith("Bob");
  await alice.messenger.saveDraft(id, "half a thou");
  await bob.send("Alice", "hello");
  await world.clock.advance(1_000);
  await alice.restart();
  expect(await alice.threadWith("Bob")).toMatchObject({ draft: "half a thou", unread: 1 });
  await alice.messenger.saveDraft(id, "");
  expect((await alice.threadWith("Bob")).draft).toBe("");
});

test("the preview is the newest in the order shown, shortened, and a waiting message before all", async () => {
  await alice.send("Bob", `long ${"x".repeat(1_000)}`);
  await world.clock.advance(1_000);
  expect((await bob.threadWith("Alice")).preview).toMatchObject({ isOwn: false, kind: "text" });
  expect((await bob.threadWith("Alice")).preview?.text).toHaveLength(200);
  await alice.messenger.stop();
  await world.clock.advance(10_000);
  await bob.send("Alice", "waiting");
  expect((await bob.threadWith("Alice")).preview).toMatchObject({ text: "waiting", isOwn: true });
});

test("text is refused when it is empty or too long, and kept as it was written when it is not", async () => {
  const { id } = await alice.threadWith("Bob");
  expect(await alice.messenger.send(id, " \n\t")).toEqual({ kind: "empty" });
  const tooLong = "é".repeat(MAX_TEXT_BYTES / 2 + 1);
  expect(await alice.messenger.send(id, tooLong)).toEqual({
    kind: "too-long",
    bytes: MAX_TEXT_BYTES + 2,
    limit: MAX_TEXT_BYTES,
  });
  const odd = `  ${"é".repeat(3_990)}\u202e\u0000 \n`;
  await alice.send("Bob", odd);
  await world.clock.advance(1_000);
  expect(await bob.texts("Alice")).toEqual([odd]);
});

test("messages of one moment keep the order in which they were written, on both sides", async () => {
  const texts = Array.from({ length: 60 }, (_, index) => `${index}`);
  await Promise.all(texts.map((text) => alice.send("Bob", text)));
  await world.clock.advance(2_000);
  expect(await alice.texts("Bob")).toEqual(texts);
  expect(await bob.texts("Alice")).toEqual(texts);
});

test("messages of one tick in the two conversations of one thread are all shown", async () => {
  const [carol, dave] = [await world.person("Carol"), await world.person("Dave")];
  const [fromCarol, fromDave] = await Promise.all([
    carol.messenger.createInvite({ uses: 1, days: 7 }),
    dave.messenger.createInvite({ uses: 1, days: 7 }),
  ]);
  await Promise.all([carol.messenger.acceptInvite(fromDave.link), dave.messenger.acceptInvite(fromCarol.link)]);
  const texts = Array.from({ length: 120 }, (_, index) => `${index}`);
  for (const text of texts) await carol.send("Dave", text);
  await world.clock.advance(20_000);
  expect((await dave.texts("Carol")).toSorted()).toEqual(texts.toSorted());
  expect((await carol.texts("Dave")).toSorted()).toEqual(texts.toSorted());
});

test("the contact was last heard when a byte last came, also after a restart", async () => {
  await bob.send("Alice", "hello");
  await world.clock.advance(1_000);
  await bob.messenger.stop();
  await world.clock.advance(60_000);
  const { lastHeard } = await alice.threadWith("Bob");
  expect(lastHeard).toBeGreaterThan(world.clock.now() - 70_000);
  expect(lastHeard).toBeLessThan(world.clock.now() - 50_000);
  await alice.restart();
  expect((await alice.threadWith("Bob")).lastHeard).toBe(lastHeard);
});
