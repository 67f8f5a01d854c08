import { expect, type Page } from "@playwright/test";
import { CAROL_AWAY, test, WIDE } from "../support/screen-test.ts";

const calls = (page: Page) => page.evaluate(() => window.kith.messenger.calls);

test("asks for nothing more than a name, and suggests one", async ({ kith }) => {
  await kith.open({ script: "first-run" });
  const { page } = kith;
  const name = page.getByRole("textbox", { name: "Your name" });
  await expect(name).toHaveValue(/^[A-Z][a-z]+$/);
  await expect(page.getByText("Kith has not yet been reviewed by outsiders.").first()).toBeVisible();
  await name.fill("  ");
  await page.getByRole("button", { name: "Start" }).click();
  await expect(page.getByRole("alert")).toContainText("Type a name");
  await name.fill("Alice");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Invite someone" })).toBeVisible();
  expect(await calls(page)).toEqual(["register Alice", "connect"]);
});

test("accepts the invite of the link at the first start, and takes it out of the address bar", async ({ kith }) => {
  await kith.open({ script: "first-run", hash: "#i/good" });
  const { page } = kith;
  await expect(page.getByText("Ana invites you to chat")).toBeVisible();
  await expect(page).toHaveURL(/#\/$/);
  await page.getByRole("button", { name: "Start" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Ana" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeFocused();
});

test("says what is wrong with a bad invite, and stays usable", async ({ kith }) => {
  for (const [kind, words] of [
    ["expired", "This invite has expired"],
    ["newer", "This invite is from a newer Kith"],
    ["incomplete", "This invite is incomplete"],
  ] as const) {
    await kith.page.goto("about:blank");
    await kith.open({ script: "first-run", hash: `#i/${kind}` });
    await expect(kith.page.getByRole("alert")).toHaveText(new RegExp(`^${words}`));
  }
  await kith.page.getByRole("button", { name: "Start" }).click();
  await expect(kith.page.getByRole("button", { name: "New conversation" })).toBeVisible();
});

test("asks before it accepts an invite on later visits, also in a running tab", async ({ kith }) => {
  await kith.open();
  const { page } = kith;
  await page.evaluate(() => {
    window.location.hash = "#i/good";
  });
  const dialog = page.getByRole("dialog", { name: "Invite from Ana" });
  await expect(dialog).toBeVisible();
  await expect(page).toHaveURL(/#\/$/);
  await dialog.getByRole("button", { name: "Accept" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Ana" })).toBeVisible();
  await expect(dialog).toHaveCount(0);
});

test("opens the conversation when the inviter is a contact already", async ({ kith }) => {
  await kith.open({ hash: `#i/${CAROL_AWAY}` });
  await expect(kith.page.getByRole("heading", { level: 2, name: "Carol Eze" })).toBeVisible();
});

test("says so in a second tab, and moves here on demand", async ({ kith }) => {
  await kith.open({ query: "&lock=elsewhere" });
  const { page } = kith;
  await expect(page.getByText("Kith is open in another tab")).toBeVisible();
  await page.getByRole("button", { name: "Use here" }).click();
  await expect(page.getByRole("navigation", { name: "Conversations" })).toBeVisible();
});

test("stops and says so when another tab takes over", async ({ kith }) => {
  await kith.open();
  const { page } = kith;
  await page.evaluate(() => window.kith.loseLock());
  await expect(page.getByText("Kith is open in another tab")).toBeVisible();
  expect(await calls(page)).toContain("stop");
});

test("opens the conversation when the invite on the screen is accepted", async ({ kith }) => {
  await kith.open({ script: "empty" });
  const { page } = kith;
  await page.getByRole("button", { name: "Invite someone" }).click();
  await expect(page.getByRole("textbox", { name: "Invite link" })).toHaveValue(/#i\//);
  await page.evaluate(() => {
    const { messenger, threadView } = window.kith;
    messenger.acceptOwnInvite(threadView("b0b1", "Bob", { path: { kind: "direct" } }));
  });
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 2, name: "Bob" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeFocused();
});

test("opens the first conversation on a wide screen by itself", async ({ kith }) => {
  await kith.page.setViewportSize(WIDE);
  await kith.open({ script: "empty" });
  const { page } = kith;
  await page.evaluate(async () => {
    const { messenger, threadView } = window.kith;
    await messenger.createInvite({ uses: 1, days: 7 });
    messenger.acceptOwnInvite(threadView("b0b1", "Bob", { path: { kind: "direct" } }));
  });
  await expect(page.getByRole("heading", { level: 2, name: "Bob" })).toBeVisible();
});

test("takes nobody out of a dialog because somebody else arrives", async ({ kith }) => {
  await kith.page.setViewportSize(WIDE);
  await kith.open({ script: "empty" });
  const { page } = kith;
  await page.getByRole("button", { name: "Settings" }).click();
  await page.evaluate(async () => {
    const { messenger, threadView } = window.kith;
    await messenger.createInvite({ uses: 1, days: 7 });
    messenger.acceptOwnInvite(threadView("b0b1", "Bob", { path: { kind: "direct" } }));
  });
  await expect(page.getByRole("dialog", { name: "Settings" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: /^Bob/ })).toBeVisible();
  await expect(page.getByRole("heading", { level: 2, name: "Bob" })).toHaveCount(0);
});

test("offers a way out when it cannot start", async ({ kith }) => {
  await kith.open({ query: "&lock=broken" });
  const { page } = kith;
  await expect(page.getByRole("heading", { name: "Kith could not start" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Reload" })).toBeVisible();
  expect(kith.errors.splice(0)).toEqual(["locks do not work"]);
});

test("shows a way out instead of a white page when drawing fails", async ({ kith }) => {
  await kith.open();
  const { page } = kith;
  await page.evaluate(() => {
    const { messenger, threadView } = window.kith;
    const thread = threadView("bad0", "Bad", { path: { kind: "direct" } });
    messenger.emit({ type: "thread", thread: { ...thread, activeAt: Number.NaN } });
  });
  await expect(page.getByRole("heading", { name: "Something went wrong" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Reload" })).toBeVisible();
  expect(kith.errors.splice(0)).not.toEqual([]);
});
