/** Pairing without internet, as two people do it with texts instead of cameras. */
import { expect, type Page } from "@playwright/test";
import type { Person } from "./person.ts";

/** Without internet a page that was just opened waits a while for its configuration. */
const CODE_LIMIT_MS = 20_000;

/** `reader` reads the first code off the screen of `shower`, who then reads the answer; both are in their conversation then. */
export async function pair(shower: Person, reader: Person): Promise<void> {
  const offer = await showCode(shower.page);
  await readTheirs(reader.page);
  await paste(reader.page, offer);
  const answer = await copied(reader.page);
  await expect(reader.page.getByRole("dialog")).toContainText(`let ${shower.name} read this code`);
  await shower.page.getByRole("button", { name: "Read their answer" }).click();
  await paste(shower.page, answer);
  await expect(shower.conversationHeading(reader)).toBeVisible();
  await expect(reader.conversationHeading(shower)).toBeVisible();
}

export async function showCode(page: Page): Promise<string> {
  await openPairing(page);
  return showCodeAgain(page);
}

export async function showCodeAgain(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Show a code" }).click();
  return copied(page);
}

export async function readTheirs(page: Page): Promise<void> {
  await openPairing(page);
  await page.getByRole("button", { name: "Read their code" }).click();
}

async function openPairing(page: Page): Promise<void> {
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByRole("button", { name: "Pair without internet" }).click();
}

export async function copied(page: Page): Promise<string> {
  await expect(page.getByRole("img", { name: "Pairing code" })).toBeVisible({ timeout: CODE_LIMIT_MS });
  await page.getByRole("button", { name: "Copy code" }).click();
  await expect(page.getByText("Copied.")).toBeVisible();
  return page.evaluate(() => navigator.clipboard.readText());
}

export async function paste(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: "Paste a code" }).fill(text);
  await page.getByRole("button", { name: "Use" }).click();
}
