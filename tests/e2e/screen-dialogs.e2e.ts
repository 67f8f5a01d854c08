import { expect } from "@playwright/test";
import { CAROL_AWAY, test } from "../support/screen-test.ts";

test("one dialog replaces another, Escape closes it, and focus returns to where it was", async ({ kith }) => {
  await kith.open();
  const { page } = kith;
  const opener = page.getByRole("button", { name: "New conversation" });
  await opener.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "New conversation" }).getByRole("button", { name: "Invite someone" }).click();
  await expect(page.getByRole("dialog", { name: "Invite someone" })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test("has every control of an invite, and replaces a link nobody took when its options change", async ({ kith }) => {
  await kith.open({ script: "empty" });
  const { page } = kith;
  await page.getByRole("button", { name: "Invite someone" }).click();
  const link = page.getByRole("textbox", { name: "Invite link" });
  await expect(link).toHaveValue(/#i\//);
  await expect(link).toHaveAttribute("readonly");
  await expect(page.getByRole("img", { name: "Invite QR code" })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Valid for" })).toHaveValue("7");
  await expect(page.getByText("This link works only on this computer")).toBeVisible();
  const uses = page.getByRole("radiogroup", { name: "Can be used" });
  await expect(uses.getByRole("radio", { name: "Once" })).toBeChecked();
  const first = await link.inputValue();
  await uses.getByText("10 times").click();
  await expect(link).not.toHaveValue(first);
  await page.getByRole("combobox", { name: "Valid for" }).selectOption("30 days");
  await expect
    .poll(() => page.evaluate(() => window.kith.messenger.invites.map((invite) => invite.uses)))
    .toEqual([10]);
});

test("every link that was on screen stays good, and the next person gets another", async ({ kith, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await kith.open({ script: "empty" });
  const { page } = kith;
  const open = page.getByRole("button", { name: "Invite someone" });
  const link = page.getByRole("textbox", { name: "Invite link" });
  await open.click();
  await expect(link).toHaveValue(/#i\//);
  const scanned = await link.inputValue();
  await page.keyboard.press("Escape");
  await open.click();
  await expect(link).toHaveValue(/#i\//);
  await expect(link).not.toHaveValue(scanned);
  const copied = await link.inputValue();
  await page.getByRole("button", { name: "Copy link" }).click();
  await expect(page.getByText("Copied", { exact: true })).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(copied);
  expect(await page.evaluate(() => window.kith.messenger.invites.map((invite) => invite.link))).toEqual(
    expect.arrayContaining([scanned, copied]),
  );
});

test("connects by a pasted invite, and says what is wrong with a bad one", async ({ kith }) => {
  await kith.open();
  const { page } = kith;
  await page.getByRole("button", { name: "New conversation" }).click();
  const paste = page.getByRole("textbox", { name: "Paste an invite" });
  await paste.fill("own");
  await page.getByRole("button", { name: "Connect" }).click();
  await expect(page.getByRole("alert")).toHaveText(/^This invite is your own/);
  await paste.fill("good");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 2, name: "Ana" })).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("has the regions of Settings, at their own address, and closes back to where it was opened", async ({ kith }) => {
  await kith.open();
  const { page } = kith;
  await page.evaluate(() => void window.kith.messenger.createInvite({ uses: 1, days: 7 }));
  await page.getByRole("button", { name: "Settings" }).click();
  const dialog = page.getByRole("dialog", { name: "Settings" });
  await expect(page).toHaveURL(/#\/settings$/);
  for (const name of ["Profile", "Relaying", "Storage", "Network", "About"])
    await expect(dialog.getByRole("region", { name })).toBeVisible();
  await expect(dialog.getByText("Storage used")).toBeVisible();
  await dialog.getByRole("textbox", { name: "Your name" }).fill("Linden");
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("Saved. Your")).toBeVisible();
  await dialog.getByRole("list", { name: "Open invites" }).getByRole("button", { name: "Withdraw" }).click();
  await expect(dialog.getByRole("list", { name: "Open invites" }).getByRole("listitem")).toHaveCount(0);
  await dialog.getByRole("radiogroup", { name: "Appearance" }).getByRole("radio", { name: "Dark" }).check();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page).not.toHaveURL(/settings/);
  await expect(page.getByRole("button", { name: "Settings" })).toBeFocused();
});

test("names the STUN and TURN servers that the host of the page chose, and what they learn", async ({ kith }) => {
  const servers = ["stun:relay.example:4174", "turns:turn.example:443?transport=tcp"];
  await kith.open({ query: servers.map((url) => `&ice=${encodeURIComponent(url)}`).join(""), hash: "#/settings" });
  const network = kith.page.getByRole("region", { name: "Network" });
  await expect(network).toContainText("relay.example:4174Tells your device the address it is seen at");
  await expect(network).toContainText("turn.example:443Passes sealed bytes on when there is no direct way");
});

test("chooses for whom to carry, the contacts unless told otherwise, and tells what is kept", async ({ kith }) => {
  await kith.open({ hash: "#/settings" });
  const { page } = kith;
  const relaying = page.getByRole("region", { name: "Relaying" });
  const choice = relaying.getByRole("radiogroup", { name: "Carry for" });
  await expect(choice.getByRole("radio", { name: "My contacts" })).toBeChecked();
  await expect(relaying).toContainText("Kept for others nowNothing");
  await choice.getByRole("radio", { name: "Nobody" }).check();
  await expect(choice.getByRole("radio", { name: "Nobody" })).toBeChecked();
  expect(await page.evaluate(() => window.kith.messenger.settingsView.carriesFor)).toBe("nobody");
});

test("chooses for whom to relay and up to which amount a day, and tells what it came to", async ({ kith }) => {
  await kith.open({ hash: "#/settings" });
  const { page } = kith;
  await page.evaluate(() => {
    const { messenger } = window.kith;
    const relaying = {
      choice: "contacts",
      state: "on",
      conversations: 4,
      bytes: 1_200_000,
      limitBytes: 200_000_000,
      helpedBy: [{ name: "Dave", group: "Book club" }],
    } as const;
    messenger.setNetwork({ ...messenger.network(), relaying });
  });
  const region = page.getByRole("region", { name: "Relaying" });
  const choice = region.getByRole("radiogroup", { name: "Relay for" });
  await expect(choice.getByRole("radio", { name: "My contacts" })).toBeChecked();
  await expect(region).toContainText(
    "Dave, a member of Book club, helps this device now and can see its internet address",
  );
  await expect(region).toContainText("Helped 4 conversations, 1.2 MB today");
  await expect(region.getByRole("meter", { name: "Relayed today" })).toHaveJSProperty("value", 1_200_000);
  const limit = region.getByRole("spinbutton", { name: "Daily limit (MB)" });
  await expect(limit).toHaveValue("200");
  await limit.fill("50");
  await limit.blur();
  await expect(choice).toHaveAccessibleDescription(
    /People you do not know can then see this device’s internet address/,
  );
  await choice.getByRole("radio", { name: "Anyone" }).check();
  expect(await page.evaluate(() => window.kith.messenger.settingsView.relaysFor)).toBe("anyone");
  await region.getByRole("switch", { name: "Use help from group members" }).click();
  expect(await page.evaluate(() => window.kith.messenger.settingsView.asksMembers)).toBe(true);
  await choice.getByRole("radio", { name: "Nobody" }).check();
  const settings = await page.evaluate(() => window.kith.messenger.settingsView);
  expect([settings.relaysFor, settings.relayLimitMb]).toEqual(["nobody", 50]);
});

test("tells once that this device helped others, and how to end that", async ({ kith }) => {
  await kith.open();
  const { page } = kith;
  const banner = page.getByRole("region", { name: "Help for others" });
  const help = (conversations: number): Promise<void> =>
    page.evaluate((count) => {
      const { messenger } = window.kith;
      const relaying = {
        choice: "contacts",
        state: "on",
        conversations: count,
        bytes: 9_000,
        limitBytes: 200_000_000,
        helpedBy: [],
      } as const;
      messenger.setNetwork({ ...messenger.network(), relaying });
    }, conversations);
  await help(0);
  await expect(banner).toHaveCount(0);
  await help(1);
  await expect(banner).toContainText("helped two others");
  await banner.getByRole("button", { name: "Turn off" }).click();
  await expect(banner).toHaveCount(0);
  expect(await page.evaluate(() => window.kith.messenger.settingsView.relaysFor)).toBe("nobody");
  await help(2);
  await expect(banner).toHaveCount(0);
});

test("tells the release fingerprint in groups and copies it in one piece, or says why it is not known", async ({
  kith,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await kith.open({ hash: "#/settings" });
  const { page } = kith;
  const about = page.getByRole("region", { name: "About" });
  await expect(about).toContainText("Version0.1.0");
  await expect(about.locator("code")).toHaveText("0123 4567 89ab cdef ".repeat(4).trimEnd());
  await about.getByRole("button", { name: "Copy fingerprint" }).click();
  await expect(page.getByText("Copied", { exact: true })).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("0123456789abcdef".repeat(4));
  await kith.open({ query: "&nolist", hash: "#/settings" });
  await expect(about).toContainText("Not known");
  await expect(about.getByRole("button", { name: "Copy fingerprint" })).toHaveCount(0);
});

test("says whose copy of Kith differs, leads to both fingerprints, and tells of another difference after it was hidden", async ({
  kith,
}) => {
  await kith.open();
  const { page } = kith;
  const differ = (fingerprint: string): Promise<void> =>
    page.evaluate(
      ([id, print]) => {
        const { messenger, threadView } = window.kith;
        const thread = threadView(id, "Carol Eze", { path: { kind: "away" } });
        messenger.emit({
          type: "thread",
          thread: { ...thread, differingCopy: { version: "0.1.0", fingerprint: print } },
        });
      },
      [CAROL_AWAY, fingerprint] as const,
    );
  await differ("00ff".repeat(16));
  const banner = page.getByRole("alert").filter({ hasText: "Carol Eze’s copy of Kith 0.1.0 differs from yours" });
  await expect(banner).toBeInViewport();
  await expect(page.getByRole("navigation", { name: "Conversations" })).toBeInViewport();
  await page.getByRole("button", { name: "Compare" }).click();
  const details = page.getByRole("dialog", { name: "Details" });
  await expect(details.getByRole("region", { name: /^Their copy/ })).toContainText("00ff 00ff");
  await details.getByRole("button", { name: "See yours in Settings" }).click();
  await expect(page.getByRole("region", { name: "About" })).toContainText("0123 4567");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Hide" }).click();
  await expect(banner).toHaveCount(0);
  await differ("11ff".repeat(16));
  await expect(banner).toBeVisible();
});

test("gives a contact a private name from Details", async ({ kith }) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  await page.getByRole("button", { name: "Details" }).click();
  const dialog = page.getByRole("dialog", { name: "Details" });
  await dialog.getByRole("textbox", { name: "Name for this contact" }).fill("Carol from work");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 2, name: "Carol from work" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Details" })).toBeFocused();
});

test("leads with the skip link past the list to the composer", async ({ kith }) => {
  await kith.page.setViewportSize({ width: 1280, height: 800 });
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  const skip = page.getByRole("link", { name: "Skip to the message field" });
  await skip.focus();
  await expect(skip).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Message" })).toBeFocused();
  await expect(page).toHaveURL(new RegExp(`#/c/${CAROL_AWAY}$`));
});

test("the connection is looked at on demand, and the report holds no name", async ({ kith, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await kith.open();
  const { page } = kith;
  await page.getByRole("button", { name: "Settings" }).click();
  const network = page.getByRole("region", { name: "Network" });
  await network.getByRole("button", { name: "Check connection" }).click();
  const findings = network.getByRole("list", { name: "Findings" });
  await expect(findings).toContainText("Direct links: blocked here");
  await expect(findings).toContainText("use another network");
  await expect(findings.getByRole("listitem").filter({ hasText: "Bob" })).toHaveCount(1);
  await network.getByRole("button", { name: "Copy report" }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toMatch(/^Kith 0\.1\.0, connection report/);
  expect(await page.evaluate(() => navigator.clipboard.readText())).not.toMatch(/Bob|Ana|Carol/);
});
