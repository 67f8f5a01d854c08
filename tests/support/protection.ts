/** What a person does to protect, lock and unlock their device. */
import { expect, type Locator, type Page } from "@playwright/test";

export const PASSPHRASE = "otter violin Tuesday granite";

export function lockedHeading(page: Page): Locator {
  return page.getByRole("heading", { name: "Kith is locked" });
}

/** From Settings, which are left open or closed as they were found. */
export async function openSecurity(page: Page): Promise<Locator> {
  const settings = page.getByRole("dialog", { name: "Settings" });
  if (!(await settings.isVisible())) await page.getByRole("button", { name: "Settings" }).click();
  return settings.getByRole("region", { name: "Security" });
}

/** In the dialog that asks for it. Resolves with the recovery code, which was written down. */
export async function protect(page: Page, passphrase = PASSPHRASE): Promise<string> {
  const dialog = page.getByRole("dialog", { name: "Protect this device" });
  await dialog.getByRole("textbox", { name: "Passphrase", exact: true }).fill(passphrase);
  await dialog.getByRole("textbox", { name: "Repeat passphrase" }).fill(passphrase);
  await dialog.getByRole("button", { name: "Protect", exact: true }).click();
  const code = dialog.getByRole("group", { name: "Recovery code" });
  await expect(code).toBeVisible({ timeout: 60_000 });
  const text = await code.innerText();
  await dialog.getByRole("button", { name: "I have written it down" }).click();
  await expect(dialog).toBeHidden();
  return text.trim();
}

export async function typePassphrase(page: Page, passphrase: string): Promise<void> {
  await page.getByRole("textbox", { name: "Passphrase" }).fill(passphrase);
  await page.getByRole("button", { name: "Unlock" }).click();
}
