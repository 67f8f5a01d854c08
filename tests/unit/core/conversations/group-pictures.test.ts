import { afterEach, beforeEach, expect, test } from "vitest";
import type { GroupThreadView, ThreadId } from "../../../../src/core/views.ts";
import type { CorePerson } from "../../../support/core-world.ts";
import { jpegBytes, webpBytes } from "../../../support/pictures.ts";
import { MEET_MS, ThreeContacts } from "../../../support/three-contacts.ts";

let three: ThreeContacts;
let trip: ThreadId;

/** Alice's group, with Bob and Carol as members. */
beforeEach(async () => {
  three = await ThreeContacts.meet();
  const { alice } = three;
  const accounts = [(await alice.contactWith("Bob")).account, (await alice.contactWith("Carol")).account];
  const made = await alice.messenger.groups.create("Trip", accounts);
  if (made.kind !== "created") throw new Error(made.kind);
  trip = made.thread;
  await three.world.clock.advance(MEET_MS);
});

afterEach(() => {
  expect(three.world.bugs).toEqual([]);
});

async function groupOf(person: CorePerson): Promise<GroupThreadView> {
  const view = await person.threadWith("Trip");
  if (view.kind !== "group") throw new Error("no group");
  return view;
}

test("an admin's picture is everybody's, is told in a line, and outlives a restart", async () => {
  const { world, alice, bob, carol } = three;
  const bytes = webpBytes("VP8 ", 192, 192);
  expect((await groupOf(bob)).picture).toBeUndefined();
  expect(await alice.messenger.groups.setPicture(trip, bytes)).toEqual({ kind: "done" });
  await world.clock.advance(10_000);
  for (const person of [alice, bob, carol]) {
    expect(await person.messenger.groups.picture(trip)).toEqual({ type: "image/webp", bytes });
    const { messages } = await person.messenger.messages(trip, { at: "newest", limit: 1 });
    expect(messages.at(-1)?.change).toMatchObject({ kind: "pictured", by: person === alice ? "" : "Alice" });
  }
  const { picture } = await groupOf(bob);
  expect(picture).toBe((await groupOf(alice)).picture);
  await bob.restart();
  expect((await groupOf(bob)).picture).toBe(picture);
  expect(await bob.messenger.groups.picture(trip)).toEqual({ type: "image/webp", bytes });
});

test("it is replaced and taken away", async () => {
  const { world, alice, bob } = three;
  await alice.messenger.groups.setPicture(trip, jpegBytes(96, 96));
  await world.clock.advance(5_000);
  const { picture } = await groupOf(bob);
  await alice.messenger.groups.setPicture(trip, jpegBytes(128, 128));
  await world.clock.advance(5_000);
  expect((await groupOf(bob)).picture).not.toBe(picture);
  expect((await bob.messenger.groups.picture(trip))?.bytes).toEqual(jpegBytes(128, 128));
  await alice.messenger.groups.setPicture(trip, new Uint8Array(0));
  await world.clock.advance(5_000);
  expect((await groupOf(bob)).picture).toBeUndefined();
  expect(await bob.messenger.groups.picture(trip)).toBeUndefined();
});

test("a member who is no admin cannot set it, and what is no picture is not sent", async () => {
  const { alice, bob } = three;
  expect(await bob.messenger.groups.setPicture(trip, jpegBytes(96, 96))).toEqual({ kind: "refused" });
  const svg = new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>");
  expect(await alice.messenger.groups.setPicture(trip, svg)).toEqual({ kind: "refused" });
  expect((await groupOf(alice)).picture).toBeUndefined();
});

test("bytes that are no picture are kept from the screen, whoever sent them", async () => {
  const { alice, bob } = three;
  await alice.messenger.groups.setPicture(trip, jpegBytes(96, 96));
  await three.world.clock.advance(5_000);
  const { picture } = await groupOf(bob);
  // As if Alice's app had sent it: the stored operation with the picture's first byte turned.
  await bob.store.write(["operations"], "strict", async (tx) => {
    const row = await tx.get("operations", [trip, picture ?? ""]);
    if (row === undefined) throw new Error("no operation");
    const at = row.body.length - jpegBytes(96, 96).length;
    tx.put("operations", [trip, picture ?? ""], { ...row, body: row.body.with(at, 0x3c) });
  });
  await bob.restart();
  expect((await groupOf(bob)).picture).toBe(picture);
  expect(await bob.messenger.groups.picture(trip)).toBeUndefined();
});
