/** Requests, blocking, verifying and changed devices, as they look and behave over a messenger in memory. */
import { expect } from "@playwright/test";
import { block, changeList, openDetails, openRequests, openVerify } from "../support/people-screens.ts";
import { ANA, CAROL_AWAY, test } from "../support/screen-test.ts";

test("shows who asks to be let in, and accepts, deletes or blocks each", async ({ kith }) => {
  const { page } = kith;
  await kith.open();
  await expect(page.getByRole("link", { name: /^Requests/ })).toHaveCount(0);
  await openRequests(page);
  const dialog = page.getByRole("dialog", { name: "Requests" });
  const emil = dialog.getByRole("listitem").filter({ hasText: "Emil" });
  await emil.getByRole("button", { name: "Block" }).click();
  await expect(emil).toHaveCount(0);
  await dialog.getByRole("button", { name: "Accept" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Dora" })).toBeVisible();
  await page.getByRole("button", { name: "Back" }).click();
  await expect(page.getByRole("link", { name: /^Requests/ })).toHaveCount(0);
  await page.evaluate(() => window.kith.messenger.people.ask("Farid"));
  await page.getByRole("link", { name: "Requests (1)" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(dialog.getByText("Nobody waits")).toBeVisible();
});

test("asks before joining a group of a stranger, and says that it is being joined", async ({ kith }) => {
  const { page } = kith;
  await kith.open();
  await page.evaluate(() => window.kith.messenger.people.addTo("Hiking", "Mallory"));
  await page.getByRole("link", { name: "Requests (1)" }).click();
  const dialog = page.getByRole("dialog", { name: "Requests" });
  await expect(dialog.getByRole("listitem")).toContainText("Mallory wants to add you to Hiking");
  await expect(dialog.getByRole("button", { name: "Accept" })).toHaveAccessibleDescription(/Mallory wants to add you/);
  await dialog.getByRole("button", { name: "Accept" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Hiking" })).toBeVisible();
  await expect(page.getByText(/^You accepted\. Kith joins this group/)).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveCount(0);
  await openDetails(page);
  await page.getByRole("button", { name: "Delete conversation" }).click();
  await expect(page.getByText(/^This gives up joining/)).toBeVisible();
});

test("blocks a contact from Details after asking, says so in the conversation, and unblocks from Settings", async ({
  kith,
}) => {
  const { page } = kith;
  await kith.open({ hash: `#/c/${ANA}` });
  await openDetails(page);
  await page.getByRole("button", { name: "Block" }).click();
  await expect(page.getByText(/^Nothing Ana Brandt sends reaches you/)).toBeVisible();
  await page.getByRole("button", { name: "Block contact" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByText(/^You blocked Ana Brandt/)).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveCount(0);
  await page.goto(page.url().replace(/#.*/, "#/settings"));
  const list = page.getByRole("region", { name: "Security" }).getByRole("list", { name: "Blocked" });
  await list.getByRole("button", { name: "Unblock" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
});

test("shows digits and a code that changes when it was read, and marks the contact in the header", async ({ kith }) => {
  const { page } = kith;
  await kith.open({ hash: `#/c/${ANA}` });
  await expect(page.getByText("Verified", { exact: true })).toHaveCount(0);
  await openVerify(page);
  const dialog = page.getByRole("dialog", { name: "Verify" });
  await expect(dialog.getByText(/^(\d{5} ?){12}$/)).toBeVisible();
  const first = await dialog.getByRole("img").locator("path").getAttribute("d");
  await page.evaluate((id) => {
    const thread = window.kith.messenger.threadsById.get(id as never)?.view.id;
    if (thread !== undefined) window.kith.messenger.emit({ type: "code-read", thread });
  }, ANA);
  await expect(dialog.getByRole("status")).toContainText("Ana Brandt’s Kith has read your code");
  await expect(dialog.getByRole("img").locator("path")).not.toHaveAttribute("d", first ?? "");
  await dialog.getByRole("button", { name: "Mark as verified" }).click();
  await expect(dialog.getByRole("button", { name: "Remove verified mark" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.locator(".who-name").getByText("Verified", { exact: true })).toBeAttached();
  await expect.poll(() => page.evaluate(() => window.kith.messenger.calls)).toContain("hideCode");
});

test("says what a pasted code is, and warns of one that is somebody else's", async ({ kith }) => {
  const { page } = kith;
  await kith.open({ hash: `#/c/${ANA}` });
  await openVerify(page);
  const news = page.getByRole("dialog", { name: "Verify" }).getByRole("status");
  const check = async (text: string): Promise<void> => {
    await page.getByRole("textbox", { name: "Paste a code" }).fill(text);
    await page.getByRole("button", { name: "Check" }).click();
  };
  await check("https://chat.example/#i/AQAx");
  await expect(news).toContainText("This is no code of Kith");
  await check("Kith code of somebody else");
  await expect(news).toContainText("This code is not Ana Brandt’s");
  await check("Kith code Ab3");
  await expect(news).toContainText("This is Ana Brandt’s code");
  await page.getByRole("button", { name: "Scan their code" }).click();
  await expect(news).toContainText("No camera was found");
});

test("tells of a new device until it is hidden, and of a fork until the person decides", async ({ kith }) => {
  const { page } = kith;
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  await changeList(page, CAROL_AWAY, "new-device");
  await expect(page.getByText("is not verified any more")).toBeVisible();
  await page.getByRole("button", { name: "Hide" }).click();
  await expect(page.getByText("has a new device")).toHaveCount(0);
  await changeList(page, CAROL_AWAY, "fork");
  await expect(page.getByRole("alert")).toContainText("What you write stays here until you decide");
  await page.getByRole("button", { name: "Send anyway" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await block(page, CAROL_AWAY);
});
