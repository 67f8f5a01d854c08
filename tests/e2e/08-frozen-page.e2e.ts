import { NO_UDP_FLAGS } from "../support/browser-profile.ts";
import { expect, test } from "../support/world.ts";

const LEAVES_WITHIN_MS = 5_000;

for (const { path, flags } of [
  { path: "Direct", flags: [] },
  // Here the only link dies with the relay, and the frozen page cannot make another.
  { path: "Through relay", flags: NO_UDP_FLAGS },
] as const) {
  test(`a page reached ${path.toLowerCase()} that was frozen while the relay restarted is there within seconds`, async ({
    world,
  }) => {
    const [alice, bob] = await world.pair({ flags });
    await expect(bob.connection).toHaveText(path);
    await alice.send("before the sleep");
    await alice.expectState("before the sleep", "Read");
    const life = await alice.page.context().newCDPSession(alice.page);

    await life.send("Page.setWebLifecycleState", { state: "frozen" });
    await world.relay.restart();
    await bob.send("written while you slept");
    await expect(bob.network).toContainText("Online", { timeout: 40_000 });

    await life.send("Page.setWebLifecycleState", { state: "active" });
    const wokeAt = performance.now();
    const left = (): number => Math.max(1, LEAVES_WITHIN_MS - (performance.now() - wokeAt));
    await alice.send("written right after waking");
    await bob.expectState("written while you slept", /Delivered|Read/, left());
    await alice.expectState("written right after waking", /Delivered|Read/, left());
    console.log(`${path}: both messages were there ${Math.round(performance.now() - wokeAt)} ms after the page woke`);
    await expect(alice.message("written while you slept")).toHaveCount(1);
    await expect(bob.message("written right after waking")).toHaveCount(1);
  });
}
