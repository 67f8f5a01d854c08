import { afterEach, expect, test } from "vitest";
import type { PairAnswerView, PairFailure, PairOfferView } from "../../../src/core/views.ts";
import { type CorePerson, CoreWorld } from "../../support/core-world.ts";

const MINUTE_MS = 60_000;
let world = new CoreWorld();

afterEach(() => {
  expect(world.bugs).toEqual([]);
  world = new CoreWorld();
});

/** Alice and Bob, strangers, on a network without any relay. */
async function strangers(): Promise<readonly [CorePerson, CorePerson]> {
  const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
  world.network.setRelay("/memory/relay", false);
  await world.clock.advance(1_000);
  return [alice, bob];
}

async function offerOf({ messenger }: CorePerson): Promise<PairOfferView> {
  return shown(await messenger.pairing.offer());
}

async function answerOf({ messenger }: CorePerson, text: string): Promise<PairAnswerView> {
  return shown(await messenger.pairing.answer(text));
}

function shown<View>(view: View | PairFailure): View {
  if (typeof view === "object" && view !== null && "trouble" in view) throw new Error(view.trouble);
  return view;
}

async function pair(shower: CorePerson, reader: CorePerson): Promise<readonly string[]> {
  const answer = await answerOf(reader, (await offerOf(shower)).text);
  const ends = [reader.messenger.pairing.paired(), shower.messenger.pairing.complete(answer.text)];
  await world.clock.advance(3_000);
  return (await Promise.all(ends)).map(({ kind }) => kind);
}

test("two strangers are contacts after two codes, with no relay there", async () => {
  const [alice, bob] = await strangers();
  expect(await pair(alice, bob)).toEqual(["paired", "paired"]);
  await alice.send("Bob", "over nothing but air");
  await world.clock.advance(3_000);
  expect(await bob.lines("Alice")).toEqual(["over nothing but air"]);
  expect(await alice.lines("Bob")).toEqual(["over nothing but air (delivered)"]);
  expect((await alice.contactWith("Bob")).isConfirmed).toBe(true);
});

test("a code that is asked for while the app still looks for its host is made once the network is there", async () => {
  const alice = await world.person("Alice");
  await alice.messenger.stop();
  await alice.open();
  const offering = alice.messenger.pairing.offer();
  await world.clock.advance(5_000);
  await alice.messenger.connect();
  await world.clock.advance(1_000);
  expect(await offering).toMatchObject({ kind: "offer" });
});

test("where no network comes up, it is said so after ten seconds", async () => {
  const alice = await world.person("Alice");
  await alice.messenger.stop();
  await alice.open();
  const offering = alice.messenger.pairing.offer();
  await world.clock.advance(11_000);
  expect(await offering).toEqual({ kind: "failed", trouble: "no-network" });
});

test("contacts who lost their relays are linked again, and what waited goes over", async () => {
  const [alice, bob] = await world.pair();
  world.network.setRelay("/memory/relay", false);
  await bob.restart();
  await alice.send("Bob", "waits");
  await world.clock.advance(1 * MINUTE_MS);
  expect(await alice.lines("Bob")).toEqual(["waits (waiting)"]);
  expect(await pair(bob, alice)).toEqual(["paired", "paired"]);
  await world.clock.advance(3_000);
  expect(await bob.lines("Alice")).toEqual(["waits"]);
  expect(await alice.messenger.openInvites()).toEqual([]);
});

test("whoever turns back while the codes are carried has accepted nothing, and the code is of no use any more", async () => {
  const [alice, bob] = await strangers();
  const offer = await offerOf(alice);
  const answer = await answerOf(bob, offer.text);
  bob.messenger.pairing.cancel();
  expect(await bob.threads()).toEqual([]);
  const completing = alice.messenger.pairing.complete(answer.text);
  await world.clock.advance(20_000);
  expect(await completing).toEqual({ kind: "failed", trouble: "not-reached" });
  alice.messenger.pairing.cancel();
  await world.clock.advance(1_000);
  expect(await alice.messenger.openInvites()).toEqual([]);
});

test("codes are told apart: one's own, the wrong one of the two, an answer to another, one that is too old", async () => {
  const [alice, bob] = await strangers();
  const [first, offer] = [await offerOf(bob), await offerOf(alice)];
  const trouble = (kind: string) => ({ kind: "failed", trouble: kind });
  expect(await alice.messenger.pairing.answer(offer.text)).toEqual(trouble("own"));
  expect(await alice.messenger.pairing.complete(offer.text)).toEqual(trouble("own"));
  expect(await alice.messenger.pairing.complete(first.text)).toEqual(trouble("not-an-answer"));
  expect(await alice.messenger.pairing.complete("hello")).toEqual(trouble("no-code"));
  const answer = await answerOf(bob, offer.text);
  expect(await bob.messenger.pairing.answer(answer.text)).toEqual(trouble("not-an-offer"));
  await offerOf(alice);
  expect(await alice.messenger.pairing.complete(answer.text)).toEqual(trouble("another-offer"));
  await world.clock.advance(11 * MINUTE_MS);
  expect(await bob.messenger.pairing.answer(offer.text)).toEqual(trouble("expired"));
});

test("a code lets in one person, once", async () => {
  const [alice, bob] = await strangers();
  const mallory = await world.person("Mallory");
  const offer = await offerOf(alice);
  const [answer, late] = [await answerOf(bob, offer.text), await answerOf(mallory, offer.text)];
  const completing = alice.messenger.pairing.complete(answer.text);
  await world.clock.advance(3_000);
  expect((await completing).kind).toBe("paired");
  expect(await alice.messenger.pairing.complete(late.text)).toEqual({ kind: "failed", trouble: "another-offer" });
  expect((await alice.threads()).map(({ name }) => name)).toEqual(["Bob"]);
});
