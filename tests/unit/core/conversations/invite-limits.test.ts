import { afterEach, beforeEach, expect, test } from "vitest";
import { bytesToBase64Url } from "../../../../src/core/codec/bytes.ts";
import { encodeInvite, parseInviteText } from "../../../../src/core/conversations/invite-codec.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { direct } from "../../../support/fake-views.ts";

const DAY_MS = 24 * 60 * 60_000;
const suite = createSuite();

let world: CoreWorld;
let alice: CorePerson;

beforeEach(async () => {
  world = new CoreWorld();
  alice = await world.person("Alice");
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

/** Opens the invite and writes a message; enough time passes for an answer. */
async function opens(person: CorePerson, link: string): Promise<void> {
  expect(await person.messenger.acceptInvite(link)).toMatchObject({ kind: "accepted" });
  await person.send("Alice", `hello from ${person.name}`);
  await world.clock.advance(5_000);
}

async function troubleOf(person: CorePerson) {
  const thread = direct(await person.threadWith("Alice"));
  return { trouble: thread.inviteTrouble, isConfirmed: thread.contact.isConfirmed, waiting: thread.waiting };
}

const names = async (): Promise<string[]> => (await alice.threads()).map((thread) => thread.name).toSorted();

test("an invite for one lets in the first, and tells the second that it is used", async () => {
  const { link } = await alice.messenger.createInvite({ uses: 1, days: 7 });
  const [bob, carol] = [await world.person("Bob"), await world.person("Carol")];
  await opens(bob, link);
  await opens(carol, link);
  expect(await names()).toEqual(["Bob"]);
  expect(await troubleOf(bob)).toEqual({ trouble: undefined, isConfirmed: true, waiting: 0 });
  expect(await troubleOf(carol)).toEqual({ trouble: "used", isConfirmed: false, waiting: 1 });
  expect(await carol.lines("Alice")).toEqual(["hello from Carol (waiting)"]);
  expect(await alice.messenger.openInvites()).toEqual([]);
});

test("an invite for ten lets in ten", async () => {
  const { link, id } = await alice.messenger.createInvite({ uses: 10, days: 7 });
  for (let index = 0; index < 10; index += 1) {
    expect((await alice.messenger.openInvites()).find((invite) => invite.id === id)?.usesLeft).toBe(10 - index);
    await opens(await world.person(`Guest ${index}`), link);
  }
  const eleventh = await world.person("Eleventh");
  await opens(eleventh, link);
  expect(await names()).toHaveLength(10);
  expect(await troubleOf(eleventh)).toMatchObject({ trouble: "used", isConfirmed: false });
  expect(alice.events.filter((event) => event.type === "invite-accepted")).toHaveLength(10);
});

test("two who open an invite for one in the same moment: one gets in", async () => {
  const { link } = await alice.messenger.createInvite({ uses: 1, days: 7 });
  const [bob, carol] = [await world.person("Bob"), await world.person("Carol")];
  await Promise.all([bob.messenger.acceptInvite(link), carol.messenger.acceptInvite(link)]);
  await world.clock.advance(10_000);
  expect(await names()).toHaveLength(1);
  const troubles = [(await troubleOf(bob)).trouble, (await troubleOf(carol)).trouble];
  expect(troubles).toContain("used");
  expect(troubles).toContain(undefined);
});

test("a withdrawn invite is refused as withdrawn", async () => {
  const { link, id } = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await alice.messenger.withdrawInvite(id);
  const bob = await world.person("Bob");
  await opens(bob, link);
  expect(await troubleOf(bob)).toEqual({ trouble: "withdrawn", isConfirmed: false, waiting: 1 });
  expect(await alice.threads()).toEqual([]);
});

test("an invite that ends on its way is refused as expired", async () => {
  const { link } = await alice.messenger.createInvite({ uses: 1, days: 1 });
  await world.clock.advance(DAY_MS + 1_000);
  const bob = await world.person("Bob");
  bob.skewMs = -DAY_MS;
  await opens(bob, link);
  expect(await troubleOf(bob)).toMatchObject({ trouble: "expired", isConfirmed: false });
  expect(await alice.threads()).toEqual([]);
});

test("an expired invite is called so without asking anybody", async () => {
  const { link } = await alice.messenger.createInvite({ uses: 1, days: 1 });
  await world.clock.advance(DAY_MS + 1_000);
  const bob = await world.person("Bob");
  expect(await bob.messenger.readInvite(link)).toEqual({ kind: "expired" });
  expect(await bob.messenger.acceptInvite(link)).toEqual({ kind: "expired" });
  expect(await bob.threads()).toEqual([]);
});

test("an invite whose inviter stays away is shown as expired when its time is over", async () => {
  const { link } = await alice.messenger.createInvite({ uses: 1, days: 1 });
  await alice.messenger.stop();
  const bob = await world.person("Bob");
  await opens(bob, link);
  expect((await troubleOf(bob)).trouble).toBeUndefined();
  await world.clock.advance(DAY_MS);
  expect(await troubleOf(bob)).toEqual({ trouble: "expired", isConfirmed: false, waiting: 1 });
});

test("an invite that the inviter does not know, or with another secret, is refused as unknown", async () => {
  const { link } = await alice.messenger.createInvite({ uses: 1, days: 7 });
  const decoded = parseInviteText(suite, link);
  if (decoded.kind !== "invite") throw new Error("not an invite");
  const forged = encodeInvite(suite, { ...decoded.invite, secret: suite.random(16) });
  const bob = await world.person("Bob");
  await opens(bob, bytesToBase64Url(forged));
  expect(await troubleOf(bob)).toMatchObject({ trouble: "unknown", isConfirmed: false });
  expect(await alice.threads()).toEqual([]);
  expect((await alice.messenger.openInvites())[0]?.usesLeft).toBe(1);
});

test("own, foreign and damaged invites are told apart, and nothing is stored", async () => {
  const { link } = await alice.messenger.createInvite({ uses: 1, days: 7 });
  const bob = await world.person("Bob");
  const before = bob.store.snapshot();
  expect(await alice.messenger.readInvite(link)).toEqual({ kind: "own" });
  expect(await bob.messenger.readInvite(` ${link}\n`)).toMatchObject({ kind: "valid", inviterName: "Alice" });
  expect(await bob.messenger.acceptInvite(link.slice(0, -5))).toEqual({ kind: "incomplete" });
  expect(await bob.messenger.acceptInvite("https://chat.example/#something")).toEqual({ kind: "incomplete" });
  expect(await bob.messenger.acceptInvite("")).toEqual({ kind: "incomplete" });
  expect(bob.store.snapshot()).toEqual(before);
});

test("an invite of somebody who is a contact leads to the conversation and uses nothing up", async () => {
  const [first, second] = [
    await alice.messenger.createInvite({ uses: 1, days: 7 }),
    await alice.messenger.createInvite({ uses: 1, days: 7 }),
  ];
  const bob = await world.person("Bob");
  await opens(bob, first.link);
  const thread = (await bob.threadWith("Alice")).id;
  expect(await bob.messenger.readInvite(second.link)).toEqual({ kind: "known", thread });
  expect(await bob.messenger.acceptInvite(second.link)).toEqual({ kind: "known", thread });
  await world.clock.advance(5_000);
  expect(await alice.threads()).toHaveLength(1);
  expect((await alice.messenger.openInvites()).map((invite) => invite.id)).toEqual([second.id]);
});

test("a refused invite keeps what was written, and a new one of the same person delivers it", async () => {
  const refused = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await alice.messenger.withdrawInvite(refused.id);
  const bob = await world.person("Bob");
  await opens(bob, refused.link);
  await bob.send("Alice", "and one more");
  await bob.restart();
  expect(await troubleOf(bob)).toEqual({ trouble: "withdrawn", isConfirmed: false, waiting: 2 });

  const fresh = await alice.messenger.createInvite({ uses: 1, days: 7 });
  expect(await bob.messenger.acceptInvite(fresh.link)).toMatchObject({ kind: "accepted" });
  expect((await troubleOf(bob)).trouble).toBeUndefined();
  await world.clock.advance(30_000);
  expect(await alice.lines("Bob")).toEqual(["hello from Bob", "and one more"]);
  expect(await bob.lines("Alice")).toEqual(["hello from Bob (delivered)", "and one more (delivered)"]);
  expect(await alice.threads()).toHaveLength(1);
});

test.each([10, 100, 200, 240, 260, 280, 300, 320, 340, 360, 400, 1_000, 1_300])(
  "a refusal that was on its way does not spoil an invite opened %i ms later",
  async (waitMs) => {
    const refused = await alice.messenger.createInvite({ uses: 1, days: 7 });
    const fresh = await alice.messenger.createInvite({ uses: 1, days: 7 });
    await alice.messenger.withdrawInvite(refused.id);
    const bob = await world.person("Bob");
    await bob.messenger.acceptInvite(refused.link);
    await world.clock.advance(waitMs);
    await bob.messenger.acceptInvite(fresh.link);
    await world.clock.advance(60_000);
    expect(await troubleOf(bob)).toEqual({ trouble: undefined, isConfirmed: true, waiting: 0 });
    expect(await names()).toEqual(["Bob"]);
  },
);
