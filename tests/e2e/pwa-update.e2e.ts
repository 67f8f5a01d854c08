import type { Page } from "@playwright/test";
import { ServedBuild } from "../support/served-build.ts";
import { cachedPaths, lookForUpdate, workerReady } from "../support/worker-state.ts";
import { expect, test } from "../support/world.ts";

const UPDATES = 10;

function updateOffer(page: Page) {
  return page.getByRole("status", { name: "Update" }).getByRole("button", { name: "Reload to update" });
}

async function expectBuild(page: Page, name: string): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("data-build", name);
}

/** What Settings tells of the running build, as one word. Leaves the dialog closed. */
async function shownFingerprint(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Settings" }).click();
  const shown = page.getByRole("region", { name: "About" }).locator("code");
  const text = await shown.innerText();
  await page.keyboard.press("Escape");
  return text.replaceAll(" ", "");
}

test("another build waits for a yes, comes with it, and leaves one cache after ten", async ({ world }) => {
  const host = await ServedBuild.start([world.relay.address]);
  try {
    await host.rebuild("0");
    const alice = await world.person("Alice", { appUrl: host.url });
    const bob = await world.person("Bob");
    await alice.openAndStart();
    await workerReady(alice.page);
    await bob.openAndStart();
    // Bob has Kith from another host, as people do.
    const { hash } = new URL(await bob.createInvite());
    await alice.acceptInvite(host.url + hash, bob);
    await alice.send("from before the update");
    await alice.expectState("from before the update", /Delivered|Read/);
    // The same version from another host, which changed a file.
    for (const [person, other] of [
      [alice, bob],
      [bob, alice],
    ] as const)
      await expect(person.page.getByText(`${other.name}’s copy of Kith`)).toBeVisible();
    const second = await alice.openTab();
    await expect(second.getByText("Kith is open in another tab")).toBeVisible();

    await test.step("nothing is swapped before", async () => {
      const running = await host.fingerprint();
      await host.rebuild("1");
      expect(await lookForUpdate(alice.page)).toBe("installed");
      await expect(updateOffer(alice.page)).toBeVisible();
      expect(await shownFingerprint(alice.page)).toBe(running);
      expect(await host.fingerprint()).not.toBe(running);
      await alice.reload();
      expect(await shownFingerprint(alice.page)).toBe(running);
      await expect(updateOffer(alice.page)).toBeVisible();
      await expectBuild(alice.page, "0");
      await expect(alice.message("from before the update")).toBeVisible();
    });

    await test.step("the yes brings it, with everything that was there", async () => {
      await alice.composer.fill("half a sen");
      await updateOffer(alice.page).click();
      await expectBuild(alice.page, "1");
      expect(await shownFingerprint(alice.page)).toBe(await host.fingerprint());
      await expect(alice.message("from before the update")).toBeVisible();
      await expect(alice.composer).toHaveValue("half a sen");
      await expect(alice.page.getByRole("status", { name: "Update" })).toHaveCount(0);
    });

    await test.step("to the tab that waits, when it is used", async () => {
      await expect(second.getByText("Kith is open in another tab")).toBeVisible();
      await second.getByRole("button", { name: "Use here" }).click();
      await expectBuild(second, "1");
      await expect(second.getByRole("navigation", { name: "Conversations" }).getByRole("link")).toHaveCount(1);
      await expect(alice.page.getByText("Kith is open in another tab")).toBeVisible();
      await second.close();
      await alice.page.getByRole("button", { name: "Use here" }).click();
      await expect(alice.message("from before the update")).toBeVisible();
    });

    await test.step("Settings offers it too", async () => {
      await host.rebuild("2");
      expect(await lookForUpdate(alice.page)).toBe("installed");
      await expect(updateOffer(alice.page)).toBeVisible();
      await alice.page.getByRole("button", { name: "Settings" }).click();
      await alice.page
        .getByRole("dialog", { name: "Settings" })
        .getByRole("button", { name: "Update", exact: true })
        .click();
      await expectBuild(alice.page, "2");
      await expect(alice.page.getByRole("dialog", { name: "Settings" })).toBeVisible();
      await alice.page.keyboard.press("Escape");
      await alice.enterConversation(bob);
    });

    await test.step("ten updates leave one cache", async () => {
      for (let build = 3; build <= UPDATES; build += 1) {
        await host.rebuild(String(build));
        expect(await lookForUpdate(alice.page)).toBe("installed");
        await updateOffer(alice.page).click();
        await expectBuild(alice.page, String(build));
      }
      await expect
        .poll(async () => Object.keys(await cachedPaths(alice.page)).filter((name) => name.startsWith("kith-files")))
        .toHaveLength(1);
      await expect(alice.message("from before the update")).toBeVisible();
    });

    await test.step("a build that is only half there is not taken", async () => {
      const before = await cachedPaths(alice.page);
      await host.rebuild("broken");
      await host.spoil("favicon.svg");
      expect(await lookForUpdate(alice.page)).toBe("redundant");
      await host.rebuildWithOldList("broken again");
      expect(await lookForUpdate(alice.page)).toBe("redundant");
      await alice.reload();
      await expectBuild(alice.page, String(UPDATES));
      await expect(alice.page.getByRole("status", { name: "Update" })).toHaveCount(0);
      const keptBefore = Object.keys(before).filter((name) => name.startsWith("kith-files"));
      expect(Object.keys(await cachedPaths(alice.page))).toEqual(expect.arrayContaining(keptBefore));
    });
  } finally {
    await host.dispose();
  }
});
