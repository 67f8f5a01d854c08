/** A whole story without a mouse, on a screen 320 px wide; on its way axe looks at each screen, and text is made twice as large. */
import type { Page } from "@playwright/test";
import { inspect } from "../support/axe.ts";
import { misfits } from "../support/fits.ts";
import { tabTo, expectVisibleFocus } from "../support/keyboard.ts";
import { expect, test } from "../support/world.ts";

/** Nothing grave for axe, and all controls whole and uncovered: as it is, and with text of 200 %. */
async function expectUsable(page: Page): Promise<void> {
  for (const percent of [200, 100]) {
    await page.evaluate((size) => {
      document.documentElement.style.setProperty("font-size", `${size}%`);
    }, percent);
    expect(await misfits(page), `text of ${percent} %`).toEqual([]);
  }
  const { grave, applied } = await inspect(page);
  expect(grave).toEqual([]);
  expect(applied).toBeGreaterThan(5);
}

test("starts, invites, chats, edits, cancels and changes the name by keyboard alone", async ({ world }) => {
  const [alice, bob] = await Promise.all([world.person("Alice"), world.person("Bob")]);
  const { page } = alice;
  const { keyboard } = page;
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const textbox = (name: string) => page.getByRole("textbox", { name, exact: true });
  await page.setViewportSize({ width: 320, height: 640 });
  // What fades in is too faint for axe until it is there.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await alice.open();

  await test.step("starts", async () => {
    await button("Start").waitFor();
    await expectUsable(page);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await tabTo(page, textbox("Your name"));
    await keyboard.press("ControlOrMeta+A");
    await keyboard.type("Alice");
    await tabTo(page, button("Start"));
    await keyboard.press("Enter");
    await expect(alice.network).toContainText("Online");
    await expectUsable(page);
  });
  const link = await test.step("invites", async () => {
    await tabTo(page, button("New conversation"));
    await keyboard.press("Enter");
    await tabTo(page, page.getByRole("dialog").getByRole("button", { name: "Invite someone" }));
    await keyboard.press("Space");
    await expect(textbox("Invite link")).not.toHaveValue("");
    await expectUsable(page);
    await tabTo(page, button("Copy link"));
    await keyboard.press("Enter");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    await keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(button("New conversation")).toBeFocused();
    await expectVisibleFocus(page);
    return copied;
  });
  await bob.startByInvite(link, alice);
  await test.step("opens the conversation and chats", async () => {
    await expect(alice.conversationLink(bob)).toBeVisible();
    await tabTo(page, alice.conversationLink(bob));
    await keyboard.press("Enter");
    await expect(alice.composer).toBeFocused();
    await expectVisibleFocus(page);
    await expectUsable(page);
    await keyboard.type("Hello Bob");
    await keyboard.press("Enter");
    await alice.expectState("Hello Bob", "Read");
  });
  // A page that is left says goodbye, which a browser that ends may not.
  await bob.open("about:blank");
  await expect(alice.connection).not.toHaveText("Direct");
  await test.step("edits a message that waits", async () => {
    await keyboard.type("See you at sixx");
    await keyboard.press("Enter");
    await alice.expectState("See you at sixx", "Waiting for Bob");
    await tabTo(page, alice.message("See you at sixx").getByRole("button", { name: "Message actions" }), "Shift+Tab");
    await keyboard.press("Enter");
    await expect(page.getByRole("menuitem", { name: "Copy" })).toBeFocused();
    await keyboard.press("ArrowDown");
    await expect(page.getByRole("menuitem", { name: "Edit" })).toBeFocused();
    await expectVisibleFocus(page);
    await keyboard.press("Enter");
    await expect(alice.composer).toBeFocused();
    await expectUsable(page);
    await keyboard.press("End");
    await keyboard.press("Backspace");
    await keyboard.press("Enter");
    await expect(alice.message("See you at sixx")).toHaveCount(0);
    await expect(alice.message("See you at six")).toHaveCount(1);
  });
  await test.step("cancels it", async () => {
    await tabTo(page, alice.message("See you at six").getByRole("button", { name: "Message actions" }), "Shift+Tab");
    await keyboard.press("Enter");
    await keyboard.press("End");
    await expect(page.getByRole("menuitem", { name: "Cancel" })).toBeFocused();
    await keyboard.press("Enter");
    await expect(alice.message("See you at six")).toHaveCount(0);
  });
  await test.step("goes back and changes the name in Settings", async () => {
    await tabTo(page, button("Back"), "Shift+Tab");
    await keyboard.press("Enter");
    await expect(alice.conversationLink(bob)).toBeFocused();
    await expectVisibleFocus(page);
    await tabTo(page, button("Settings"), "Shift+Tab");
    await keyboard.press("Enter");
    await tabTo(page, textbox("Your name"));
    await keyboard.press("ControlOrMeta+A");
    await expectUsable(page);
    await keyboard.type("Alicia");
    await keyboard.press("Enter");
    await expect(page.getByText("Saved.")).toBeVisible();
    await keyboard.press("Escape");
    await expect(button("Settings")).toBeFocused();
    await expectVisibleFocus(page);
  });
});
