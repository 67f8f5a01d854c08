/** A narrow screen, and text twice as large: everything stays on the screen, whole and uncovered. */
import { expect, type Page } from "@playwright/test";
import { block, changeList, openRequests, openVerify } from "../support/people-screens.ts";
import { misfits } from "../support/fits.ts";
import { ANA, CAROL_AWAY, DALIA_RIGHT_TO_LEFT, test, type OpenOptions } from "../support/screen-test.ts";

/** What is done to get there is lost by a change of size where `isLost` says so, and done again. */
type Step = readonly [name: string, open: OpenOptions, go?: (page: Page) => Promise<void>, isLost?: boolean];

const press = (name: string) => async (page: Page) => page.getByRole("button", { name }).first().click();
const showMenu = async (page: Page) => page.getByRole("button", { name: "Message actions" }).last().click();

const STEPS: readonly Step[] = [
  ["first run", { script: "first-run", hash: "#i/good" }],
  ["first run by a bad invite", { script: "first-run", hash: "#i/expired" }],
  ["empty list", { script: "empty" }],
  ["list", {}],
  ["conversation", { hash: `#/c/${ANA}` }],
  ["conversation that waits", { hash: `#/c/${CAROL_AWAY}` }],
  ["conversation from right to left", { query: "&rtl", hash: `#/c/${DALIA_RIGHT_TO_LEFT}` }],
  ["used invite", { hash: "#/c/f00d" }],
  ["menu of a message", { hash: `#/c/${CAROL_AWAY}` }, showMenu, true],
  ["new conversation", {}, press("New conversation")],
  ["invite", { script: "empty" }, press("Invite someone")],
  ["details", { hash: `#/c/${CAROL_AWAY}` }, press("Details")],
  ["requests", {}, openRequests],
  ["verify", { hash: `#/c/${ANA}` }, openVerify],
  ["blocked contact", { hash: `#/c/${ANA}` }, (page) => block(page, ANA)],
  ["fork of a contact", { hash: `#/c/${ANA}` }, (page) => changeList(page, ANA, "fork")],
  ["settings", { hash: "#/settings" }],
  ["writing a backup", { hash: "#/settings" }, press("Export backup")],
  ["restoring", { script: "first-run" }, press("Restore a backup")],
  ["offer of protection", { query: "&unprotected" }],
  ["protecting", { query: "&unprotected" }, press("Protect this device")],
  ["locked", { query: "&locked" }],
  ["second tab", { query: "&lock=elsewhere" }],
];

const SIZES = {
  "320 px wide": { viewport: { width: 320, height: 640 }, textPercent: 100 },
  "a phone with text of 200 %": { viewport: { width: 390, height: 844 }, textPercent: 200 },
  "a desktop at a zoom of 200 %": { viewport: { width: 640, height: 400 }, textPercent: 100 },
  "a desktop with text of 200 %": { viewport: { width: 1280, height: 800 }, textPercent: 200 },
} as const;

test("keeps every control whole and on the screen", async ({ kith }) => {
  const { page } = kith;
  await page.emulateMedia({ reducedMotion: "reduce" });
  const found: string[] = [];
  for (const [name, open, go, isLost] of STEPS) {
    await page.goto("about:blank");
    await kith.open(open);
    if (isLost !== true) await go?.(page);
    for (const [size, { viewport, textPercent }] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.evaluate((percent) => {
        document.documentElement.style.fontSize = `${percent}%`;
      }, textPercent);
      if (isLost === true) await go?.(page);
      found.push(...(await misfits(page)).map((misfit) => `${name}, ${size}: ${misfit}`));
    }
  }
  expect(found).toEqual([]);
});

test("would notice a control that leaves the screen, is cut off or covered", async ({ kith }) => {
  await kith.open();
  const { page } = kith;
  await page.evaluate(() => {
    for (const [label, style] of [
      ["Too far right", "position: fixed; left: 380px; top: 300px; width: 80px; height: 44px"],
      [
        "Cut off since it is too long",
        "position: fixed; left: 0; top: 100px; width: 40px; white-space: nowrap; overflow: hidden",
      ],
      ["Covered", "position: fixed; left: 0; top: 200px; width: 90px; height: 44px"],
      ["Above", "position: fixed; left: 0; top: 200px; width: 90px; height: 44px"],
    ] as const) {
      const button = document.createElement("button");
      button.textContent = label;
      button.setAttribute("style", style);
      document.body.append(button);
    }
  });
  const found = (await misfits(page)).join("\n");
  expect(found).toMatch(/"Too far right" leaves the screen/);
  expect(found).toMatch(/"Cut off since.* is cut off/);
  expect(found).toMatch(/"Covered" is covered/);
});
