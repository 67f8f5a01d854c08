/** Settings and conversations, and the browser's history, which follows what is shown. */
import { expect, type Locator, type Page } from "@playwright/test";
import { test } from "../support/screen-test.ts";

test("quick Escapes close what is open and never leave the app", async ({ kith }) => {
  const { page } = kith;
  await kith.open();
  const { carol, settings, opener } = places(page);
  for (let round = 0; round < 4; round += 1) {
    await opener.click();
    await expect(settings).toBeVisible();
    await Promise.all(["Escape", "Escape", "Escape"].map((key) => page.keyboard.press(key)));
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(carol).toBeVisible();
  }
  await carol.click();
  await expect(page.getByRole("heading", { level: 2, name: "Carol Eze" })).toBeVisible();
  await page.goBack();
  await expect(carol).toBeVisible();
});

test("what is opened while the history still goes back stays open, and closes to where it was opened", async ({
  kith,
}) => {
  const { page } = kith;
  await kith.open();
  const { carol, settings, opener } = places(page);
  await opener.click();
  const open = await opener.elementHandle();
  for (let round = 0; round < 3; round += 1) {
    const close = await settings.getByRole("button", { name: "Close" }).elementHandle();
    // In one task, so that the history cannot have gone back in between.
    await page.evaluate(
      async ([first, second]) => {
        const back = new Promise((resolve) => {
          addEventListener("popstate", resolve, { once: true });
        });
        (first as HTMLElement).click();
        (second as HTMLElement).click();
        await back;
      },
      [close, open],
    );
    await expect(page).toHaveURL(/#\/settings$/);
    await expect(settings).toBeVisible();
  }
  await page.goBack();
  await expect(settings).toBeHidden();
  await carol.click();
  await page.goBack();
  await expect(carol).toBeVisible();
});

test("what was closed stays closed, also where the page is loaded anew before the history has gone back", async ({
  kith,
}) => {
  const { page } = kith;
  await kith.open();
  const { carol, settings, opener } = places(page);
  for (let round = 0; round < 3; round += 1) {
    await opener.click();
    const close = await settings.getByRole("button", { name: "Close" }).elementHandle();
    const isLoaded = page.waitForEvent("load");
    await page.evaluate((button) => {
      (button as HTMLElement).click();
      location.reload();
    }, close);
    await isLoaded;
    await expect(carol).toBeVisible();
    await expect(page).not.toHaveURL(/settings/);
    await expect(settings).toBeHidden();
  }
});

function places(page: Page): Readonly<Record<"carol" | "settings" | "opener", Locator>> {
  return {
    carol: page.getByRole("link", { name: /^Carol Eze/ }),
    settings: page.getByRole("dialog", { name: "Settings" }),
    opener: page.getByRole("button", { name: "Settings" }),
  };
}
