import { afterEach, beforeEach, expect, test } from "vitest";
import { bytesToBase64Url } from "../../../../src/core/codec/bytes.ts";
import { encodeInvite, parseInviteText } from "../../../../src/core/conversations/invite-codec.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { RawAccount } from "../../../support/raw-account.ts";
import { tapWire } from "../../../support/wire-tap.ts";

const suite = createSuite();
const DAY_MS = 24 * 60 * 60_000;

let world: CoreWorld;
let alice: CorePerson;
let usedLink: string;
/** Types of all frames that arrived anywhere. */
let types: number[];

beforeEach(async () => {
  world = new CoreWorld();
  types = [];
  tapWire(world, ({ type }) => {
    types.push(type);
    return undefined;
  });
  alice = await world.person("Alice");
  const { link } = await alice.messenger.createInvite({ uses: 1, days: 30 });
  const bob = await world.person("Bob");
  await bob.messenger.acceptInvite(link);
  await world.clock.advance(3_000);
  usedLink = link;
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

/** Opens the used link and writes. */
async function asks(name: string): Promise<CorePerson> {
  const person = await world.person(name);
  await person.messenger.acceptInvite(usedLink);
  await person.send("Alice", `hello from ${name}`);
  await world.clock.advance(10_000);
  return person;
}

const requests = () => alice.messenger.people.requests();
const names = (): readonly string[] => requests().map(({ name }) => name);
const onlyRequest = () => {
  const [first] = requests();
  if (first === undefined) throw new Error("nobody asks");
  return first.account;
};

test("who opens a used link is kept as a request, is told that it waits, and sees nobody online", async () => {
  const carol = await asks("Carol");
  expect(names()).toEqual(["Carol"]);
  expect(alice.events).toContainEqual({ type: "requests", requests: requests() });
  expect((await alice.threads()).map(({ name }) => name)).toEqual(["Bob"]);
  const thread = await carol.threadWith("Alice");
  expect(thread).toMatchObject({ inviteTrouble: "used", request: "waiting", path: { kind: "away" }, waiting: 1 });
});

test("whose request is gone where it waited, with an old copy of that profile, asks again at the next start", async () => {
  const before = alice.store.snapshot();
  const carol = await asks("Carol");
  await alice.messenger.stop();
  alice.store.restore(before);
  await alice.restart();
  await world.clock.advance(10_000);
  expect(names()).toEqual([]);
  await carol.restart();
  await world.clock.advance(10_000);
  expect(names()).toEqual(["Carol"]);
  expect(await carol.threadWith("Alice")).toMatchObject({ request: "waiting" });
});

test("an accepted request makes contacts, and delivers what was written meanwhile", async () => {
  const carol = await asks("Carol");
  await carol.restart();
  const thread = await alice.messenger.people.acceptRequest(onlyRequest());
  expect(thread).toBe((await alice.threadWith("Carol")).id);
  await world.clock.advance(60_000);
  expect(names()).toEqual([]);
  expect(await alice.lines("Carol")).toEqual(["hello from Carol"]);
  expect(await carol.lines("Alice")).toEqual(["hello from Carol (delivered)"]);
  expect(await carol.threadWith("Alice")).toMatchObject({ path: { kind: "direct" }, contact: { isConfirmed: true } });
  expect((await carol.threadWith("Alice")).request).toBeUndefined();
  await alice.send("Carol", "welcome");
  await world.clock.advance(2_000);
  expect(await carol.lines("Alice")).toContain("welcome");
});

test("a request accepted while its sender is away is told when they are back", async () => {
  const carol = await asks("Carol");
  await carol.messenger.stop();
  await alice.restart();
  await alice.messenger.people.acceptRequest(onlyRequest());
  await world.clock.advance(60_000);
  await carol.restart();
  await world.clock.advance(120_000);
  expect(await alice.lines("Carol")).toEqual(["hello from Carol"]);
});

test("before the decision there is never a direct link, a receipt or a session", async () => {
  const paths: string[] = [];
  types = [];
  const carol = await asks("Carol");
  carol.messenger.subscribe((event) => {
    if (event.type === "thread") paths.push(event.thread.path.kind);
  });
  await world.clock.advance(120_000);
  expect(types).toContain(FRAME.request);
  expect(types.filter((type) => type >= FRAME.hello)).toEqual([]);
  expect(paths.filter((path) => path === "direct")).toEqual([]);
});

test("a deleted request does not come back within a week, and its sender still waits", async () => {
  const carol = await asks("Carol");
  await alice.messenger.people.deleteRequest(onlyRequest());
  expect(names()).toEqual([]);
  await carol.messenger.acceptInvite(usedLink);
  await world.clock.advance(10_000);
  expect(names()).toEqual([]);
  expect((await carol.threadWith("Alice")).request).toBe("waiting");
  await alice.restart();
  expect(names()).toEqual([]);
  await world.clock.advance(8 * DAY_MS);
  await carol.messenger.acceptInvite(usedLink);
  await world.clock.advance(10_000);
  expect(names()).toEqual(["Carol"]);
});

test("who is blocked from a request does not come back, and learns nothing", async () => {
  const carol = await asks("Carol");
  await alice.messenger.people.blockRequest(onlyRequest());
  expect(names()).toEqual([]);
  expect(alice.messenger.people.blocked().map(({ name }) => name)).toEqual(["Carol"]);
  await alice.restart();
  await carol.messenger.acceptInvite(usedLink);
  await world.clock.advance(60_000);
  expect(names()).toEqual([]);
  expect(await carol.threadWith("Alice")).toMatchObject({ path: { kind: "away" }, contact: { isConfirmed: false } });
});

test("who was blocked asks in vain with a new device, too", async () => {
  const carol = await asks("Carol");
  await alice.messenger.people.blockRequest(onlyRequest());
  await carol.messenger.stop();
  await (await RawAccount.of(carol)).withNewPeer().moveInto(carol);
  await carol.open();
  await carol.messenger.connect();
  const decoded = parseInviteText(suite, usedLink);
  if (decoded.kind !== "invite") throw new Error("not an invite");
  // Of an invite that does not exist nothing is read, so that the request is the first to say who asks.
  const forged = encodeInvite(suite, { ...decoded.invite, secret: suite.random(16) });
  types = [];
  await carol.messenger.acceptInvite(bytesToBase64Url(forged));
  await world.clock.advance(30_000);
  expect(types).toContain(FRAME.request);
  expect(types).not.toContain(FRAME.answer);
  expect(names()).toEqual([]);
  const [row] = await alice.store.read(["blocked"], (tx) => tx.range("blocked", {}));
  expect(row?.value.peers).toContain((await carol.identity()).peerKey);
});

test("one account is one request, however often it asks", async () => {
  const carol = await asks("Carol");
  for (let round = 0; round < 3; round += 1) {
    await carol.messenger.acceptInvite(usedLink);
    await world.clock.advance(20_000);
  }
  expect(names()).toEqual(["Carol"]);
});

test("a new invite lets in who waits, and their request is gone", async () => {
  const carol = await asks("Carol");
  const { link } = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await carol.messenger.acceptInvite(link);
  await world.clock.advance(60_000);
  expect(names()).toEqual([]);
  expect(await alice.lines("Carol")).toEqual(["hello from Carol"]);
});

test("no more than twenty wait at once, and the next is told that none is taken now", async () => {
  for (let index = 0; index < 20; index += 1) await asks(`Guest ${index}`);
  const late = await asks("Late");
  expect(names()).toHaveLength(20);
  expect(names()).not.toContain("Late");
  expect((await late.threadWith("Alice")).request).toBe("not-taken");
  for (const { account } of requests()) await alice.messenger.people.deleteRequest(account);
  const later = await asks("Later");
  expect(names()).toEqual([]);
  expect((await later.threadWith("Alice")).request).toBe("not-taken");
  await world.clock.advance(DAY_MS);
  await asks("Tomorrow");
  expect(names()).toEqual(["Tomorrow"]);
});
