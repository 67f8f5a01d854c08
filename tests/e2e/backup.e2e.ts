/** A backup written in one browser and restored in another, which goes on in the same conversation. */
import { expect, test } from "../support/world.ts";

const PASSPHRASE = "seven quiet green lanterns";
const STRETCH_LIMIT_MS = 60_000;

test("a backup brings a lost profile back in a fresh browser, and the chat goes on", async ({ world }) => {
  const [alice, bob] = await world.pair();
  await alice.send("Written before the backup");
  await expect(bob.message("Written before the backup")).toBeVisible();

  const file = test.info().outputPath("alice.kithbackup");
  await test.step("Alice writes a backup; a short passphrase is not taken", async () => {
    await alice.page.evaluate(() => {
      window.location.hash = "#/settings";
    });
    await alice.page.getByRole("region", { name: "Storage" }).getByRole("button", { name: "Export backup" }).click();
    const dialog = alice.page.getByRole("dialog", { name: "Export backup" });
    await dialog.getByRole("button", { name: "Make backup" }).click();
    await expect(dialog.getByRole("alert")).toContainText("at least 8 characters");
    await dialog.getByRole("textbox", { name: "Backup passphrase" }).fill(PASSPHRASE);
    await dialog.getByRole("textbox", { name: "Repeat passphrase" }).fill(PASSPHRASE);
    await dialog.getByRole("button", { name: "Make backup" }).click();
    const link = dialog.getByRole("link", { name: "Save the file" });
    await expect(link).toBeVisible({ timeout: STRETCH_LIMIT_MS });
    const [download] = await Promise.all([alice.page.waitForEvent("download"), link.click()]);
    expect(download.suggestedFilename()).toMatch(/^kith-.*\.kithbackup$/);
    await download.saveAs(file);
  });
  await alice.killBrowser();

  const again = await world.person("Alice");
  await test.step("a fresh browser refuses a wrong passphrase, then becomes Alice's new device", async () => {
    await again.open();
    await again.page.getByRole("button", { name: "Restore a backup" }).click();
    const dialog = again.page.getByRole("dialog", { name: "Restore a backup" });
    await dialog.getByLabel("Backup file").setInputFiles(file);
    await dialog.getByRole("textbox", { name: "Backup passphrase" }).fill("another passphrase");
    await dialog.getByRole("button", { name: "Restore" }).click();
    await expect(dialog.getByRole("alert")).toContainText("does not open", { timeout: STRETCH_LIMIT_MS });
    await dialog.getByRole("textbox", { name: "Backup passphrase" }).fill(PASSPHRASE);
    await dialog.getByRole("button", { name: "Restore" }).click();
    await expect(again.conversationLink(bob)).toBeVisible({ timeout: STRETCH_LIMIT_MS });
  });

  await test.step("Bob is told, and both write on", async () => {
    await again.enterConversation(bob);
    await expect(again.message("Written before the backup")).toHaveCount(1);
    await again.send("Written after it");
    await expect(bob.message("Written after it")).toBeVisible();
    await expect(bob.page.getByText("new device")).toBeVisible();
    await bob.send("Welcome back");
    await expect(again.message("Welcome back")).toBeVisible();
    await again.expectState("Written after it", /Delivered|Read/);
  });
});
