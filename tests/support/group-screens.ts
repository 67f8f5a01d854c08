/** Ways to the screens about groups, over the messenger in memory. */
import { expect, type Locator, type Page } from "@playwright/test";
import type { ThreadId } from "../../src/core/views.ts";
import { LAKE_GROUP } from "./screen-test.ts";

export async function openCreateGroup(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByRole("button", { name: "Create group" }).click();
  const dialog = page.getByRole("dialog", { name: "Create group" });
  await expect(dialog).toBeVisible();
  return dialog;
}

export async function openGroupDetails(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Details" }).click();
  const dialog = page.getByRole("dialog", { name: "Details" });
  await expect(dialog).toBeVisible();
  return dialog;
}

export async function openMemberMenu(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for ${name}` }).click();
  await expect(page.getByRole("menuitem").first()).toBeFocused();
}

export async function askToRemove(page: Page, name: string): Promise<void> {
  await openMemberMenu(page, name);
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await expect(page.getByRole("button", { name: "Keep" })).toBeFocused();
}

/** This account is in the group no more. */
export async function endMembership(page: Page): Promise<void> {
  await page.evaluate((id) => {
    window.kith.messenger.groups.end(id as ThreadId);
    window.kith.messenger.groups.tell(id as ThreadId, { kind: "removed", by: "Ana Brandt", subject: "" });
  }, LAKE_GROUP);
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveCount(0);
}
