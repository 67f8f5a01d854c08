/** What moves stops for people who asked for that. */
import { expect, type Page } from "@playwright/test";
import { ANA, DALIA_RIGHT_TO_LEFT, test } from "../support/screen-test.ts";

/** Animations that move something now or will, by their name; the toast is looked at for itself. */
const moving = (page: Page) =>
  page.evaluate(() =>
    document
      .getAnimations()
      .map((animation) => (animation instanceof CSSAnimation ? animation.animationName : "transition"))
      .filter((name) => name !== "toast"),
  );

test("turns and slides as a rule, and stands still for who prefers reduced motion", async ({ kith }) => {
  const { page } = kith;
  await kith.open({ hash: `#/c/${DALIA_RIGHT_TO_LEFT}` });
  await expect.poll(() => moving(page)).toContain("turn");
  await page.emulateMedia({ reducedMotion: "reduce" });
  await expect.poll(() => moving(page)).toEqual([]);
  await page.getByRole("button", { name: "Details" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await moving(page)).toEqual([]);
  await page.goto("about:blank");
  await kith.open({ hash: `#/c/${ANA}` });
  await page.getByRole("button", { name: "Message actions" }).last().click();
  await page.getByRole("menuitem", { name: "Copy" }).click();
  const toast = page.locator(".toast");
  await expect(toast).toBeVisible();
  await expect(toast).toHaveCSS("animation-timing-function", "steps(1)");
});
