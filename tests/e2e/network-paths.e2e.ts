import { chromium, expect, test } from "@playwright/test";
import { chromiumLaunchOptions } from "../support/chromium.ts";
import { NetworkLab } from "../support/network-lab.ts";

let lab: NetworkLab;
test.beforeAll(async () => {
  lab = await NetworkLab.open();
});
test.afterEach(async () => lab.close());
test.afterAll(async () => lab.shutDown());

test("climbs from a circuit to a direct link, which outlives the relay", async ({ browser }) => {
  const { relay, alice, bob } = await lab.openPair(browser);
  await bob.call("want", [alice.key], [], true);
  await alice.call("want", [bob.key], [relay.address], true);
  await alice.call("write", bob.key, 100);
  await bob.until(alice, { received: 1 });
  await alice.until(bob, { path: "direct", links: 1, unacknowledged: 0 });
  await bob.until(alice, { path: "direct", links: 1 });

  const pairs = await alice.call("selectedPairs");
  expect(pairs.length).toBeGreaterThan(0);
  expect(pairs.filter((pair) => pair.includes("relay"))).toEqual([]);

  await relay.kill();
  await bob.call("write", alice.key, 50_000);
  await alice.until(bob, { received: 1, inOrder: true, path: "direct" });
  expect(await alice.call("problems")).toEqual([]);
  expect(await bob.call("problems")).toEqual([]);
});

test("reaches a peer through the relay only, while direct links are not allowed", async ({ browser }) => {
  const { relay, alice, bob } = await lab.openPair(browser);
  await alice.call("want", [bob.key], [relay.address], false);
  await alice.call("write", bob.key, 100_000);
  await bob.until(alice, { received: 1, links: 1 });
  await alice.until(bob, { path: "relay", relay: relay.address, unacknowledged: 0 });
  expect(await bob.call("strangers")).toEqual([alice.key]);
  expect(await alice.call("rtc")).toEqual({ peerConnections: 0, candidates: 0 });
  expect(await bob.call("rtc")).toEqual({ peerConnections: 0, candidates: 0 });
});

test("stays on the relay when one browser has no UDP", async ({ browser }) => {
  const options = chromiumLaunchOptions();
  const other = await chromium.launch({
    ...options,
    args: [...options.args, "--webrtc-ip-handling-policy=disable_non_proxied_udp"],
  });
  try {
    const { relay, alice, bob } = await lab.openPair(browser, other);
    await bob.call("want", [alice.key], [relay.address], true);
    await alice.call("want", [bob.key], [relay.address], true);
    await Promise.all([alice.untilRtcTried(2), bob.untilRtcTried(2)]);
    await alice.call("write", bob.key, 1000);
    await bob.call("write", alice.key, 1000);
    await alice.until(bob, { path: "relay", received: 1, unacknowledged: 0 });
    await bob.until(alice, { path: "relay", received: 1, unacknowledged: 0 });
    // Who is dialled may be linked before it asks for the other, and then is not "connecting" first.
    expect((await alice.see(bob)).paths).toMatch(/^(connecting )?relay$/);
    expect((await bob.see(alice)).paths).toMatch(/^(connecting )?relay$/);
    expect(await alice.call("selectedPairs")).toEqual([]);
  } finally {
    await other.close();
  }
});

test("a stranger's offer gets no answer and no candidate", async ({ browser }) => {
  const { relay, alice: mallory, bob } = await lab.openPair(browser);
  await mallory.call("want", [bob.key], [relay.address], true);
  await mallory.untilRtcTried(3);
  await mallory.call("write", bob.key, 100);
  await bob.until(mallory, { received: 1 });
  await mallory.until(bob, { path: "relay" });
  expect(await bob.call("strangers")).toContain(mallory.key);
  expect(await bob.call("rtc")).toEqual({ peerConnections: 0, candidates: 0 });
});

test("a refused peer loses its links and gets no new ones until the time is over", async ({ browser }) => {
  const { relay, alice, bob } = await lab.openPair(browser);
  await alice.call("want", [bob.key], [relay.address], true);
  await bob.call("want", [alice.key], [relay.address], true);
  await alice.until(bob, { path: "direct" });
  await alice.call("refuse", bob.key, 4000);
  await bob.until(alice, { links: 0 });
  await alice.until(bob, { links: 0, path: "away" });
  await alice.until(bob, { path: "direct" });
});

test("stops within two seconds, and the other end hears it at once", async ({ browser }) => {
  const { relay, alice, bob } = await lab.openPair(browser);
  await alice.call("want", [bob.key], [relay.address], true);
  await bob.call("want", [alice.key], [relay.address], true);
  await Promise.all([alice.until(bob, { path: "direct", links: 1 }), bob.until(alice, { path: "direct", links: 1 })]);
  const startedAt = performance.now();
  const [, stopMs] = await Promise.all([
    bob.until(alice, { links: 0 }, 2000),
    alice.call("stop").then(() => performance.now() - startedAt),
  ]);
  expect(stopMs).toBeLessThan(2000);
  await alice.until(bob, { links: 0 });
  expect(await alice.call("problems")).toEqual([]);
});
