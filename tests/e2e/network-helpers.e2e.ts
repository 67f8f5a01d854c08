/** Three transports, and the relay that introduced them gone: two reach each other through the third. */
import { expect, test } from "@playwright/test";
import type { PeerKey } from "../../src/core/codec/ids.ts";
import type { WantedPeer } from "../../src/core/transport/transport.ts";
import { NetworkLab, type PeerPage } from "../support/network-lab.ts";

const PLENTY_BYTES = 100_000_000;

let lab: NetworkLab;
test.beforeAll(async () => {
  lab = await NetworkLab.open();
});
test.afterEach(async () => lab.close());
test.afterAll(async () => lab.shutDown());

const key = (peer: PeerPage): PeerKey => peer.key as PeerKey;
const wanted = (peer: PeerPage, more: Partial<WantedPeer> = {}): WantedPeer => ({
  peer: key(peer),
  relays: [],
  allowDirect: true,
  relayedAs: "contact",
  ...more,
});

/** Alice and Carol are linked with Bob, who relays for them, and not with each other. The relay is gone. */
async function startThree(browser: Parameters<NetworkLab["openPair"]>[0]) {
  const { relay, alice, bob } = await lab.openPair(browser);
  const carol = await lab.openPeer(browser, 3, [relay.address]);
  await carol.untilReachability("online");
  await bob.call("setRelaying", { isOn: true, bytesLeft: PLENTY_BYTES });
  await bob.call("wantAll", [wanted(alice), wanted(carol)]);
  for (const peer of [alice, carol]) await peer.call("wantAll", [wanted(bob, { canHelp: true })]);
  for (const peer of [alice, carol]) await expect.poll(() => peer.call("helpers")).toEqual([bob.key]);
  await relay.kill();
  return { relay, alice, bob, carol };
}

async function meet(alice: PeerPage, bob: PeerPage, carol: PeerPage, more: Partial<WantedPeer> = {}): Promise<void> {
  const throughBob = { helpers: [key(bob)], ...more };
  await carol.call("wantAll", [wanted(bob, { canHelp: true }), wanted(alice, throughBob)]);
  await alice.call("wantAll", [wanted(bob, { canHelp: true }), wanted(carol, throughBob)]);
}

test("two connect directly through a third when no relay is there", async ({ browser }) => {
  const { alice, bob, carol } = await startThree(browser);
  await meet(alice, bob, carol);
  await alice.until(carol, { path: "direct", links: 1 });
  await carol.until(alice, { path: "direct", links: 1 });
  await alice.call("write", carol.key, 50_000);
  await carol.until(alice, { received: 1 });
  const pairs = await alice.call("selectedPairs");
  expect(pairs.length).toBeGreaterThanOrEqual(2);
  expect(pairs.filter((pair) => pair.includes("relay"))).toEqual([]);
  await alice.untilReachability("online");
  // It outlives the helper.
  await bob.call("stop");
  await carol.call("write", alice.key, 50_000);
  await alice.until(carol, { received: 1, path: "direct" });
  for (const peer of [alice, bob, carol]) expect(await peer.call("problems")).toEqual([]);
});

test("a direct link to a member is answered and never offered, so that who asks shows its addresses first", async ({
  browser,
}) => {
  const { relay, alice, bob } = await lab.openPair(browser);
  const carol = await lab.openPeer(browser, 3, [relay.address]);
  const member = { relays: [relay.address], answersOnly: true } as const;
  await bob.call("wantAll", [wanted(alice, member)]);
  await alice.call("wantAll", [wanted(bob, member), wanted(carol, { relays: [relay.address] })]);
  await carol.call("wantAll", [wanted(alice, { relays: [relay.address] })]);
  // Whoever has the smaller key would have offered meanwhile.
  for (const peer of [bob, carol]) await alice.until(peer, { links: 1 });
  await alice.until(carol, { path: "direct" });
  expect((await bob.call("rtc")).peerConnections).toBe(0);
  await bob.call("wantAll", [wanted(alice, { relays: [relay.address], canHelp: true })]);
  await bob.until(alice, { path: "direct", links: 1 });
  for (const peer of [alice, bob, carol]) expect(await peer.call("problems")).toEqual([]);
});

test("what two write goes through the third where no direct link may be made, and is counted there", async ({
  browser,
}) => {
  const { alice, bob, carol } = await startThree(browser);
  await meet(alice, bob, carol, { allowDirect: false });
  await alice.until(carol, { path: "peer", helper: bob.key });
  await carol.until(alice, { path: "peer", helper: bob.key });
  await alice.call("write", carol.key, 200_000);
  await carol.until(alice, { received: 1 });
  await expect.poll(async () => (await bob.call("relayed")).bytes).toBeGreaterThan(400_000);
  expect((await bob.call("relayed")).pairs).toEqual([[alice.key, carol.key].toSorted().join(" ")]);
  expect((await bob.call("relayed")).bytes).toBeLessThan(500_000);

  // Switched off, it ends at once.
  await bob.call("setRelaying", { isOn: false, bytesLeft: PLENTY_BYTES });
  await alice.until(carol, { links: 0 });
  await carol.until(alice, { links: 0 });
  await alice.call("write", carol.key, 1000);
  expect((await carol.see(alice)).received).toBe(1);
});
