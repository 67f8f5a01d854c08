/** Ways to the screens about people, over the messenger in memory. */
import { expect, type Page } from "@playwright/test";
import type { ListChange, ThreadId } from "../../src/core/views.ts";

export async function openDetails(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Details" }).click();
  await expect(page.getByRole("dialog", { name: "Details" })).toBeVisible();
}

export async function openVerify(page: Page): Promise<void> {
  await openDetails(page);
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByRole("img", { name: "Safety number QR code" })).toBeVisible();
}

/** Two people ask; opens the list of requests. */
export async function openRequests(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.kith.messenger.people.ask("Dora");
    window.kith.messenger.people.ask("Emil Magnusson-Villanueva");
  });
  await page.getByRole("link", { name: "Requests (2)" }).click();
  await expect(page.getByRole("dialog", { name: "Requests" })).toBeVisible();
}

export async function block(page: Page, thread: string): Promise<void> {
  await page.evaluate((id) => void window.kith.messenger.people.block(id as ThreadId), thread);
  await expect(page.getByText(/^You blocked/)).toBeVisible();
}

export async function changeList(page: Page, thread: string, kind: ListChange["kind"]): Promise<void> {
  await page.evaluate(
    ([id, change]) => {
      const listChange = { kind: change, at: Date.now(), wasVerified: true };
      window.kith.messenger.people.changeContact(id as ThreadId, { isVerified: false, listChange });
    },
    [thread, kind] as const,
  );
  await expect(page.getByText(kind === "fork" ? /contradict each other/ : /has a new device/)).toBeVisible();
}
