/** Many dials and long streams over the adapter alone. The hundred dials of the whole app are a story; KITH_LONG=1 makes as many here. */
import { expect, test } from "@playwright/test";
import { NetworkLab, type PeerPage } from "../support/network-lab.ts";

const DIALS = process.env["KITH_LONG"] === "1" ? 100 : 10;
const ENDURANCE_TIMEOUT_MS = 300_000;
const MESSAGES_MEANWHILE = 70;
const MESSAGE_BYTES = 500;

let lab: NetworkLab;
test.beforeAll(async () => {
  lab = await NetworkLab.open();
});
test.afterEach(async () => lab.close());
test.afterAll(async () => lab.shutDown());

/** Every path each of two has been on with the other so far, in order: who is dialled may be linked before it asks for the other. */
async function pathsOf(alice: PeerPage, bob: PeerPage): Promise<readonly string[]> {
  return [(await alice.see(bob)).paths, (await bob.see(alice)).paths];
}

test(`${DIALS} dials in a row all end in a direct link`, async ({ browser }) => {
  test.setTimeout(ENDURANCE_TIMEOUT_MS);
  const { relay, alice, bob } = await lab.openPair(browser);
  await bob.call("want", [alice.key], [relay.address], true);
  await alice.call("want", [bob.key], [relay.address], true);
  const durationsMs: number[] = [];
  for (let dial = 1; dial <= DIALS; dial += 1) {
    const startedAt = performance.now();
    await Promise.all([alice.until(bob, { path: "direct", links: 1 }), bob.until(alice, { path: "direct", links: 1 })]);
    durationsMs.push(performance.now() - startedAt);
    await alice.call("write", bob.key, 100);
    await bob.call("write", alice.key, 100);
    await bob.until(alice, { received: dial, unacknowledged: 0 });
    await alice.until(bob, { received: dial, unacknowledged: 0 });
    await alice.call("closeLinks", bob.key);
  }
  durationsMs.sort((left, right) => left - right);
  const at = (share: number): number => Math.round(durationsMs[Math.floor(share * (DIALS - 1))] ?? 0);
  test
    .info()
    .annotations.push({ type: "dial ms", description: `median ${at(0.5)}, p95 ${at(0.95)}, slowest ${at(1)}` });
  console.log(`dial to direct: median ${at(0.5)} ms, p95 ${at(0.95)} ms, slowest ${at(1)} ms`);
  expect(await alice.call("problems")).toEqual([]);
  expect(await bob.call("problems")).toEqual([]);
});

for (const { title, flags, count, size, everyMs } of [
  { title: "5 seconds", flags: ["--circuit-seconds", "5"], count: 300, size: 200, everyMs: 50 },
  { title: "64 KiB", flags: ["--circuit-bytes", "65536"], count: 200, size: 500, everyMs: 60 },
] as const) {
  test(`circuits limited to ${title} are renewed before they are cut, under a steady stream`, async ({ browser }) => {
    const { relay, alice, bob } = await lab.openPair(browser, browser, flags);
    await alice.call("want", [bob.key], [relay.address], false);
    await bob.call("want", [alice.key], [relay.address], false);
    await Promise.all([alice.until(bob, { path: "relay" }), bob.until(alice, { path: "relay" })]);
    const paths = await pathsOf(alice, bob);
    await Promise.all([
      alice.call("stream", bob.key, count, size, everyMs),
      bob.call("stream", alice.key, count, size, everyMs),
    ]);
    const everything = { received: count, unacknowledged: 0, inOrder: true };
    await bob.until(alice, everything);
    await alice.until(bob, everything);
    expect(await pathsOf(alice, bob)).toEqual(paths);
    expect((await alice.see(bob)).linksEver).toBeGreaterThan(2);
    expect(await alice.call("problems")).toEqual([]);
    expect(await bob.call("problems")).toEqual([]);
  });
}

test("a relay that stands still cuts no circuit, however much was written meanwhile", async ({ browser }) => {
  const { relay, alice, bob } = await lab.openPair(browser, browser, ["--circuit-bytes", "65536"]);
  await alice.call("want", [bob.key], [relay.address], false);
  await bob.call("want", [alice.key], [relay.address], false);
  await Promise.all([alice.until(bob, { path: "relay" }), bob.until(alice, { path: "relay" })]);
  const paths = await pathsOf(alice, bob);
  relay.pause();
  // Together more than the circuit may carry.
  for (let number = 1; number <= MESSAGES_MEANWHILE; number += 1) {
    await alice.call("write", bob.key, MESSAGE_BYTES);
    await bob.call("write", alice.key, MESSAGE_BYTES);
  }
  relay.resume();
  const everything = { received: MESSAGES_MEANWHILE, unacknowledged: 0, inOrder: true };
  await bob.until(alice, everything);
  await alice.until(bob, everything);
  expect(await pathsOf(alice, bob)).toEqual(paths);
  expect((await alice.see(bob)).linksEver).toBeGreaterThan(1);
  expect(await alice.call("problems")).toEqual([]);
  expect(await bob.call("problems")).toEqual([]);
});
