/** Every screen, in both themes, as axe-core sees it: nothing serious, nothing critical. */
import { expect, type Page } from "@playwright/test";
import { askToRemove, endMembership, openCreateGroup, openGroupDetails } from "../support/group-screens.ts";
import { block, changeList, openRequests, openVerify } from "../support/people-screens.ts";
import { inspect } from "../support/axe.ts";
import {
  ANA,
  BOB_WITH_LONG_HISTORY,
  CAROL_AWAY,
  DALIA_RIGHT_TO_LEFT,
  LAKE_GROUP,
  test,
  WIDE,
} from "../support/screen-test.ts";
import type { OpenOptions } from "../support/screen-test.ts";

interface ScreenState {
  readonly open: OpenOptions;
  readonly isWide?: boolean;
  /** From what was opened to what is looked at. */
  readonly go?: (page: Page) => Promise<void>;
}

const dialog = (page: Page, name: string) => page.getByRole("dialog", { name });

const SCREENS: Readonly<Record<string, ScreenState>> = {
  "first run": { open: { script: "first-run" } },
  "first run without a name": {
    open: { script: "first-run" },
    go: async (page) => {
      await page.getByRole("textbox", { name: "Your name" }).fill(" ");
      await page.getByRole("button", { name: "Start" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  "first run by an invite": { open: { script: "first-run", hash: "#i/good" } },
  "first run by a bad invite": { open: { script: "first-run", hash: "#i/expired" } },
  "empty list": { open: { script: "empty" } },
  "empty list, wide": { open: { script: "empty" }, isWide: true },
  "full list": { open: {} },
  "list and conversation": { open: { hash: `#/c/${ANA}` }, isWide: true },
  conversation: { open: { hash: `#/c/${ANA}` } },
  "conversation that waits": { open: { hash: `#/c/${CAROL_AWAY}` } },
  "menu of a message": {
    open: { hash: `#/c/${CAROL_AWAY}` },
    go: async (page) => {
      await page.getByRole("button", { name: "Message actions" }).last().click();
      await expect(page.getByRole("menuitem", { name: "Edit" })).toBeVisible();
    },
  },
  "editing a message": {
    open: { hash: `#/c/${CAROL_AWAY}` },
    go: async (page) => {
      await page.getByRole("button", { name: "Message actions" }).last().click();
      await page.getByRole("menuitem", { name: "Edit" }).click();
      await expect(page.getByRole("button", { name: "Stop editing" })).toBeVisible();
    },
  },
  "text that is too long": {
    open: { hash: `#/c/${CAROL_AWAY}` },
    go: async (page) => {
      await page.getByRole("textbox", { name: "Message" }).fill("x".repeat(8_100));
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  "long history, scrolled up": {
    open: { hash: `#/c/${BOB_WITH_LONG_HISTORY}` },
    go: async (page) => {
      await page.getByRole("log").evaluate((log) => log.scrollTo(0, 0));
      await expect(page.getByRole("button", { name: "Newest messages" })).toBeVisible();
    },
  },
  "right to left": { open: { query: "&rtl", hash: `#/c/${DALIA_RIGHT_TO_LEFT}` } },
  "used invite": { open: { hash: "#/c/f00d" } },
  "new conversation": {
    open: {},
    go: async (page) => {
      await page.getByRole("button", { name: "New conversation" }).click();
      await dialog(page, "New conversation").getByRole("textbox").fill("own");
      await page.getByRole("button", { name: "Connect" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  "invite dialog": {
    open: { script: "empty" },
    go: async (page) => {
      await page.getByRole("button", { name: "Invite someone" }).click();
      await expect(page.getByRole("img", { name: "Invite QR code" })).toBeVisible();
    },
  },
  "invite that arrives later": {
    open: { hash: "#i/good" },
    go: (page) => expect(dialog(page, "Invite from Ana")).toBeVisible(),
  },
  details: {
    open: { hash: `#/c/${CAROL_AWAY}` },
    go: async (page) => {
      await page.getByRole("button", { name: "Details" }).click();
      await expect(dialog(page, "Details")).toBeVisible();
    },
  },
  "another copy of Kith": {
    open: {},
    go: async (page) => {
      await page.evaluate((id) => {
        const thread = window.kith.threadView(id, "Carol Eze", { path: { kind: "away" } });
        const differingCopy = { version: "0.1.0", fingerprint: "00ff".repeat(16) };
        window.kith.messenger.emit({ type: "thread", thread: { ...thread, differingCopy } });
      }, CAROL_AWAY);
      await page.getByRole("button", { name: "Compare" }).click();
      await expect(dialog(page, "Details").getByRole("region", { name: /^Their copy/ })).toBeVisible();
    },
  },
  settings: {
    open: { hash: "#/settings" },
    go: (page) => expect(dialog(page, "Settings")).toBeVisible(),
  },
  "writing a backup, too short": {
    open: { hash: "#/settings" },
    go: async (page) => {
      await page.getByRole("button", { name: "Export backup" }).click();
      await page.getByRole("button", { name: "Make backup" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  "restoring without a file": {
    open: { script: "first-run" },
    go: async (page) => {
      await page.getByRole("button", { name: "Restore a backup" }).click();
      await page.getByRole("button", { name: "Restore", exact: true }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  "offer of protection": {
    open: { query: "&unprotected" },
    go: (page) => expect(page.getByRole("region", { name: "Protection" })).toBeVisible(),
  },
  "protecting, too short": {
    open: { query: "&unprotected" },
    go: async (page) => {
      await page.getByRole("button", { name: "Protect this device" }).click();
      await page.getByRole("button", { name: "Protect", exact: true }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  "recovery code": {
    open: { query: "&unprotected" },
    go: async (page) => {
      await page.getByRole("button", { name: "Protect this device" }).click();
      for (const box of await dialog(page, "Protect this device").getByRole("textbox").all())
        await box.fill("long enough");
      await page.getByRole("button", { name: "Protect", exact: true }).click();
      await expect(page.getByRole("button", { name: "I have written it down" })).toBeVisible();
    },
  },
  "locked, with a wrong passphrase": {
    open: { query: "&locked" },
    go: async (page) => {
      await page.getByRole("textbox", { name: "Passphrase" }).fill("guess");
      await page.getByRole("button", { name: "Unlock" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  "second tab": { open: { query: "&lock=elsewhere" } },
  "failed start": { open: { query: "&lock=broken" } },
  "trouble with the disk": {
    open: {},
    go: async (page) => {
      await page.evaluate(() => window.kith.messenger.emit({ type: "store-trouble", trouble: "full" }));
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
};

/** What is shown about people: in a test of its own, since each screen takes seconds on a busy machine. */
const PEOPLE_SCREENS: Readonly<Record<string, ScreenState>> = {
  requests: { open: {}, go: openRequests },
  verify: { open: { hash: `#/c/${ANA}` }, go: openVerify },
  "verify, with a warning": {
    open: { hash: `#/c/${ANA}` },
    go: async (page) => {
      await openVerify(page);
      await page.getByRole("textbox", { name: "Paste a code" }).fill("Kith code of somebody else");
      await page.getByRole("button", { name: "Check" }).click();
      await expect(page.getByText(/^This code is not/)).toBeVisible();
    },
  },
  "blocked contact": { open: { hash: `#/c/${ANA}` }, go: (page) => block(page, ANA) },
  "new device of a contact": { open: { hash: `#/c/${ANA}` }, go: (page) => changeList(page, ANA, "new-device") },
  "fork of a contact": { open: { hash: `#/c/${ANA}` }, go: (page) => changeList(page, ANA, "fork") },
};

const LAKE: OpenOptions = { script: "groups", hash: `#/c/${LAKE_GROUP}` };

const GROUP_SCREENS: Readonly<Record<string, ScreenState>> = {
  "list and group": { open: LAKE, isWide: true },
  "group that was left": { open: LAKE, go: endMembership },
  "creating a group without a name": {
    open: {},
    go: async (page) => {
      const creating = await openCreateGroup(page);
      await creating.getByRole("button", { name: "Create" }).click();
      await expect(page.getByRole("alert")).toBeVisible();
    },
  },
  "details of a group, removing a member": {
    open: LAKE,
    go: async (page) => {
      await openGroupDetails(page);
      await askToRemove(page, "Ana Brandt");
    },
  },
};

for (const [what, screens, errors] of [
  ["on any screen", SCREENS, ["locks do not work"]],
  ["where it is about people", PEOPLE_SCREENS, []],
  ["where it is about groups", GROUP_SCREENS, []],
] as const) {
  test(`axe finds nothing grave ${what}, light or dark`, async ({ kith }) => {
    const { page } = kith;
    const found: string[] = [];
    for (const [name, { open, isWide = false, go }] of Object.entries(screens)) {
      await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "light" });
      await page.setViewportSize(isWide ? WIDE : { width: 390, height: 844 });
      await page.goto("about:blank");
      await kith.open(open);
      await go?.(page);
      const light = await inspect(page);
      expect(light.applied, `${name}: axe looked at something`).toBeGreaterThan(5);
      await page.emulateMedia({ colorScheme: "dark" });
      // The other theme differs in colours alone.
      const dark = await inspect(page, ["color-contrast"]);
      expect(dark.applied, `${name}: axe looked at the colours`).toBeGreaterThan(0);
      found.push(...light.grave.map((finding) => `${name}, light: ${finding}`));
      found.push(...dark.grave.map((finding) => `${name}, dark: ${finding}`));
    }
    expect(kith.errors.splice(0)).toEqual(errors);
    expect(found).toEqual([]);
  });
}

test("axe would find a picture without a name and a text too faint to read", async ({ kith }) => {
  await kith.open();
  const { page } = kith;
  await page.evaluate(() => {
    const faint = document.createElement("p");
    faint.textContent = "Faint";
    faint.style.color = "#bbb";
    faint.style.background = "#fff";
    document.querySelector("main")?.append(document.createElement("img"), faint);
    document.querySelector("main img")?.setAttribute("src", "data:image/gif;base64,R0lGODlhAQABAAAAACw=");
  });
  const { grave } = await inspect(page);
  expect(grave.map((finding) => finding.split(":")[0])).toEqual(
    expect.arrayContaining(["color-contrast", "image-alt"]),
  );
});
