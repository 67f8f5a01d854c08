import { chromium, expect, test } from "@playwright/test";
import { chromiumLaunchOptions } from "../support/chromium.ts";
import { NetworkLab } from "../support/network-lab.ts";
import type { Lab } from "../support/network-page.ts";

/** What the relay's users may have to wait after it is back. */
const RESERVED_AGAIN_MS = 5000;
const VANISHED_NOTICED_MS = 12_000;

let lab: NetworkLab;
test.beforeAll(async () => {
  lab = await NetworkLab.open();
});
test.afterEach(async () => lab.close());
test.afterAll(async () => lab.shutDown());

test("reserves again by itself when the relay returns", async ({ browser }) => {
  const { relay, alice, bob } = await lab.openPair(browser);
  await relay.kill();
  await Promise.all([alice.untilReachability("connecting"), bob.untilReachability("connecting")]);
  await alice.page.waitForFunction(() => {
    const { lab: inside } = globalThis as unknown as { readonly lab: Lab };
    return inside.relays()[0]?.state === "unreachable";
  });
  await relay.restart();
  await Promise.all([
    alice.untilReachability("online", RESERVED_AGAIN_MS),
    bob.untilReachability("online", RESERVED_AGAIN_MS),
  ]);
  await alice.call("want", [bob.key], [relay.address], false);
  await alice.call("write", bob.key, 100);
  await bob.until(alice, { received: 1 });
  expect(await alice.call("ownRelays")).toEqual([relay.address]);
});

test("a circuit cut by the relay's crash is dialled again when the relay is back", async ({ browser }) => {
  const { relay, alice, bob } = await lab.openPair(browser);
  await alice.call("want", [bob.key], [relay.address], false);
  await bob.call("want", [alice.key], [relay.address], false);
  await alice.until(bob, { path: "relay", links: 1 });
  await relay.kill();
  await alice.until(bob, { links: 0, path: "connecting" });
  await alice.call("write", bob.key, 100);
  await relay.restart();
  await bob.until(alice, { received: 1 }, 2 * RESERVED_AGAIN_MS);
});

test("a page frozen while the relay restarts is reachable within seconds of waking", async ({ browser }) => {
  const { relay, alice, bob } = await lab.openPair(browser);
  await alice.call("want", [bob.key], [relay.address], false);
  await bob.call("want", [alice.key], [relay.address], false);
  await alice.until(bob, { path: "relay" });
  const devtools = await alice.page.context().newCDPSession(alice.page);
  await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
  await relay.kill();
  await relay.restart();
  await bob.untilReachability("online");
  await bob.call("write", alice.key, 100);
  await devtools.send("Page.setWebLifecycleState", { state: "active" });
  await alice.call("wake");
  await alice.call("write", bob.key, 100);
  await Promise.all([
    alice.untilReachability("online", RESERVED_AGAIN_MS),
    bob.until(alice, { received: 1 }, RESERVED_AGAIN_MS),
    alice.until(bob, { received: 1 }, RESERVED_AGAIN_MS),
  ]);
});

test("says there is no network, and comes back when there is", async ({ browser }) => {
  const { relay, alice } = await lab.openPair(browser);
  await alice.call("setOnline", false);
  await alice.untilReachability("offline");
  expect(await alice.call("reachability")).toEqual({ kind: "offline", reason: "no-network" });
  await relay.kill();
  await relay.restart();
  await alice.call("setOnline", true);
  await alice.untilReachability("online", RESERVED_AGAIN_MS);
});

test("notices a browser that vanished, and finds it again when it returns", async ({ browser }) => {
  const server = await chromium.launchServer(chromiumLaunchOptions());
  const doomed = await chromium.connect(server.wsEndpoint());
  const { relay, alice, bob } = await lab.openPair(browser, doomed);
  await alice.call("want", [bob.key], [relay.address], true);
  await bob.call("want", [alice.key], [relay.address], true);
  await Promise.all([alice.until(bob, { path: "direct", links: 1 }), bob.until(alice, { path: "direct", links: 1 })]);
  server.process().kill("SIGKILL");
  await alice.until(bob, { links: 0 }, VANISHED_NOTICED_MS);

  const returned = await lab.openPeer(browser, 2, [relay.address]);
  await returned.call("want", [alice.key], [relay.address], true);
  await returned.call("write", alice.key, 100);
  await alice.until(returned, { received: 1, path: "direct" });
});

test("a peer that reloads is not kept out by its old link", async ({ browser }) => {
  const { relay, alice, bob } = await lab.openPair(browser);
  await alice.call("want", [bob.key], [relay.address], true);
  await bob.call("want", [alice.key], [relay.address], true);
  await Promise.all([alice.until(bob, { path: "direct", links: 1 }), bob.until(alice, { path: "direct", links: 1 })]);
  await bob.page.close({ runBeforeUnload: false });
  const reloaded = await lab.openPeer(browser, 2, [relay.address]);
  await reloaded.call("want", [alice.key], [relay.address], true);
  await reloaded.call("write", alice.key, 100);
  await alice.until(reloaded, { received: 1, path: "direct" });
});
