import { ServedBuild } from "../support/served-build.ts";
import { cachedPaths, sourcesOfPage, workerReady } from "../support/worker-state.ts";
import { expect, test } from "../support/world.ts";

test("with host and relay gone it starts with its history, takes a message, and delivers it later", async ({
  world,
}) => {
  const host = await ServedBuild.start([world.relay.address]);
  try {
    const [alice, bob] = [
      await world.person("Alice", { appUrl: host.url }),
      await world.person("Bob", { appUrl: host.url }),
    ];
    await alice.openAndStart();
    await bob.startByInvite(await alice.createInvite(), alice);
    await alice.enterConversation(bob);
    await alice.send("before the lights went out");
    await alice.expectState("before the lights went out", "Read");
    await workerReady(alice.page);

    await test.step("the configuration is kept apart from the files", async () => {
      const caches = await cachedPaths(alice.page);
      expect(Object.keys(caches).toSorted()).toEqual([
        expect.stringMatching(/^kith-files \/ [0-9a-f]+$/),
        "kith-network",
      ]);
      for (const [name, paths] of Object.entries(caches)) {
        if (name === "kith-network") expect(paths).toEqual(["/network.json"]);
        else {
          expect(paths).toContain("/");
          expect(paths).not.toContain("/network.json");
          expect(paths).not.toContain("/sw.js");
        }
      }
    });

    await test.step("nothing can be reached", async () => {
      await Promise.all([host.stop(), world.relay.kill()]);
      await alice.closeBrowser();
      await alice.returnToBrowser();
      await expect(alice.message("before the lights went out")).toBeVisible();
      // The page and its scripts came out of what is kept, and did not wait for the worker to start.
      expect(await sourcesOfPage(alice.page)).toEqual(["cache"]);
      await expect(alice.network).toContainText("Connecting");
      await alice.send("written in the dark");
      expect(await alice.stateOf("written in the dark")).toBe("Waiting for Bob");
      await alice.page.getByRole("button", { name: "Details" }).click();
      await expect(alice.page.getByRole("dialog", { name: "Details" })).toBeVisible();
      await alice.page.keyboard.press("Escape");
    });

    await test.step("the relay of the last good configuration comes back, and the host does not", async () => {
      await world.relay.restart();
      await expect(alice.network).toContainText("Online", { timeout: 40_000 });
      await alice.expectState("written in the dark", "Read", 40_000);
      await expect(bob.message("written in the dark")).toBeVisible();
    });

    await test.step("with the host back, a reload works as before", async () => {
      await host.restart();
      await alice.reload();
      await expect(alice.message("written in the dark")).toBeVisible();
      await expect(alice.network).toContainText("Online", { timeout: 40_000 });
    });
  } finally {
    await host.dispose();
  }
});
