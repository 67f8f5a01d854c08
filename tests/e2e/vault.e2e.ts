/** The store at rest: protecting, locking, every way to unlock, and what a reader of the disk finds. */
import { expect, test } from "../support/world.ts";
import { filesHolding, uniqueWord } from "../support/profile-search.ts";
import { lockedHeading, openSecurity, PASSPHRASE, protect, typePassphrase } from "../support/protection.ts";
import { readStoredRows } from "../support/stored-rows.ts";

const STRETCH_LIMIT_MS = 60_000;

test("two protected devices: nothing that was said, no name and no key is found on the disk, and a control word is", async ({
  world,
}) => {
  const [alice, bob] = await world.pair();
  const identities = [];
  for (const person of [alice, bob]) {
    const [identity] = await readStoredRows(person.page, "identity");
    if (identity === undefined) throw new Error("nobody is registered");
    identities.push(identity.value);
    const banner = person.page.getByRole("region", { name: "Protection" });
    await expect(banner).toContainText("whoever gets at it");
    await banner.getByRole("button", { name: "Protect this device" }).click();
    await protect(person.page);
    await expect(banner).toBeHidden();
  }
  const words = {
    alice: uniqueWord(),
    bob: uniqueWord(),
    draft: uniqueWord(),
    name: uniqueWord(),
    control: uniqueWord(),
  };
  await alice.send(words.alice);
  await bob.send(words.bob);
  await expect(alice.message(words.bob)).toBeVisible();
  await alice.expectState(words.alice, /Delivered|Read/);
  for (const { page } of [alice, bob]) {
    // Both stay in the browser's history.
    expect(await page.title()).toMatch(/^(\(\d+\) )?Kith$/);
    expect(new URL(page.url()).hash).toMatch(/^#\/(c\/[0-9a-f]{64})?$/);
  }
  await bob.composer.fill(words.draft);
  await openSecurity(alice.page);
  await alice.page.getByRole("textbox", { name: "Your name" }).fill(words.name);
  await alice.page.keyboard.press("Escape");

  // Locked, a message waits; unlocked, it comes.
  await (await openSecurity(alice.page)).getByRole("button", { name: "Lock now" }).click();
  await expect(lockedHeading(alice.page)).toBeVisible();
  await expect(alice.page.getByText(words.bob)).toHaveCount(0);
  await expect(alice.page.getByRole("button", { name: "Settings" })).toBeHidden();
  const late = uniqueWord();
  await bob.send(late);
  await bob.expectState(late, "Waiting for");
  await typePassphrase(alice.page, PASSPHRASE);
  await expect(alice.message(late)).toBeVisible({ timeout: STRETCH_LIMIT_MS });
  await expect(alice.message(words.alice)).toBeVisible();

  for (const person of [alice, bob]) {
    await person.page.evaluate(async (text) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open("control", 1);
        request.onupgradeneeded = () => request.result.createObjectStore("rows");
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error("could not open"));
      });
      const transaction = database.transaction("rows", "readwrite", { durability: "strict" });
      transaction.objectStore("rows").put({ text }, ["thread", 1]);
      await new Promise<void>((resolve) => {
        transaction.oncomplete = () => resolve();
      });
      database.close();
    }, words.control);
    await person.closeBrowser();
  }
  const wanted = new Map<string, string | Uint8Array>([
    ...Object.entries({ ...words, late }),
    ...identities.flatMap(({ rootSeed, logSeed, peerSeed }, at) =>
      [rootSeed, logSeed, peerSeed].map((seed, which) => [`seed ${which} of ${at}`, seed] as const),
    ),
  ]);
  for (const person of [alice, bob]) {
    const found = await filesHolding(person.profileFolder, wanted);
    expect([...found.keys()], JSON.stringify([...found])).toEqual(["control"]);
  }
});

test("a passkey, the recovery code and a new passphrase open a locked device; a wrong one costs time and nothing else", async ({
  world,
}) => {
  // A passkey needs a domain.
  const alice = await world.person("Alice", { appUrl: world.app.url.replace("127.0.0.1", "localhost") });
  const devtools = await alice.page.context().newCDPSession(alice.page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await alice.openAndStart();
  const { page } = alice;
  const locked = lockedHeading(page);
  const start = page.getByRole("button", { name: "New conversation" });
  // Nothing is to protect yet, so nothing is offered.
  await expect(page.getByRole("region", { name: "Protection" })).toHaveCount(0);
  await (await openSecurity(page)).getByRole("button", { name: "Protect this device" }).click();
  const dialog = page.getByRole("dialog", { name: "Protect this device" });
  await dialog.getByRole("textbox", { name: "Passphrase", exact: true }).fill("short");
  await dialog.getByRole("button", { name: "Protect", exact: true }).click();
  await expect(dialog.getByRole("alert")).toContainText("at least 8 characters");
  await dialog.getByRole("button", { name: "Use a passkey" }).click();
  await expect(dialog.getByRole("status")).toContainText("The passkey is ready");
  const code = await protect(page);
  expect(code).toMatch(/^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/);

  await page.keyboard.press("Alt+Shift+KeyL");
  await expect(locked).toBeVisible();
  await typePassphrase(page, `${PASSPHRASE}!`);
  await expect(alice.alert).toContainText("This is not the passphrase", { timeout: STRETCH_LIMIT_MS });
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await expect(start).toBeVisible();

  // Settings close in the same moment: the history that goes back must not keep the device open.
  await expect((await openSecurity(page)).getByRole("button", { name: "Lock now" })).toBeVisible();
  await Promise.all(["Escape", "Alt+Shift+KeyL"].map((keys) => page.keyboard.press(keys)));
  await expect(locked).toBeVisible();
  await page.getByRole("button", { name: "Use the recovery code" }).click();
  await page
    .getByRole("textbox", { name: "Recovery code" })
    .fill(`${code.slice(0, -1)}${code.endsWith("A") ? "B" : "A"}`);
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(alice.alert).toContainText("Check it for slips");
  await page.getByRole("textbox", { name: "Recovery code" }).fill(code.toLowerCase());
  await page.getByRole("button", { name: "Unlock" }).click();
  await expect(start).toBeVisible();

  await (await openSecurity(page)).getByRole("button", { name: "Change passphrase" }).click();
  const change = page.getByRole("dialog", { name: "Change passphrase" });
  await change.getByRole("textbox", { name: "Passphrase", exact: true }).fill("another passphrase");
  await change.getByRole("textbox", { name: "Repeat passphrase" }).fill("another passphrase");
  await change.getByRole("button", { name: "Change" }).click();
  await expect(change).toBeHidden({ timeout: STRETCH_LIMIT_MS });
  await alice.closeBrowser();
  await alice.returnToBrowser();
  await expect(lockedHeading(alice.page)).toBeVisible();
  await typePassphrase(alice.page, "another passphrase");
  const again = alice.page.getByRole("button", { name: "New conversation" });
  await expect(again).toBeVisible({ timeout: STRETCH_LIMIT_MS });

  const security = await openSecurity(alice.page);
  await security.getByRole("button", { name: "Remove protection" }).click();
  await security.getByRole("button", { name: "Remove it" }).click();
  await expect(security.getByRole("button", { name: "Protect this device" })).toBeVisible();
  await alice.reload();
  await expect(again).toBeVisible();
  await expect(lockedHeading(alice.page)).toBeHidden();
});
