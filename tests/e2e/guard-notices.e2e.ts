import type { Page } from "@playwright/test";
import { expect, test } from "../support/world.ts";

interface SpiedNotice {
  readonly title: string;
  readonly body: string | undefined;
  readonly tag: string | undefined;
  isClosed: boolean;
}

declare global {
  interface Window {
    kithNotices?: { readonly shown: SpiedNotice[]; click(): void };
    kithHidden?: boolean;
  }
}

/** Replaces the constructor by one that remembers, and lets the test say whether the page is visible. */
async function spy(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shown: SpiedNotice[] = [];
    const made: Notification[] = [];
    window.kithNotices = { shown, click: () => made.at(-1)?.dispatchEvent(new Event("click")) };
    class SpiedNotification extends EventTarget {
      static readonly permission = Notification.permission;
      static readonly requestPermission = (): Promise<string> => Promise.resolve(Notification.permission);
      readonly #notice: SpiedNotice;
      constructor(title: string, options: NotificationOptions = {}) {
        super();
        this.#notice = { title, body: options.body, tag: options.tag, isClosed: false };
        shown.push(this.#notice);
        made.push(this as unknown as Notification);
      }
      close(): void {
        this.#notice.isClosed = true;
      }
    }
    const Native = window.Notification;
    Object.defineProperty(SpiedNotification, "permission", { get: () => Native.permission });
    Object.defineProperty(SpiedNotification, "requestPermission", { value: () => Native.requestPermission() });
    Object.defineProperty(window, "Notification", { value: SpiedNotification });
    Object.defineProperty(document, "visibilityState", {
      get: () => (window.kithHidden === true ? "hidden" : "visible"),
    });
  });
}

async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    window.kithHidden = hidden;
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}

const shownIn = (page: Page): Promise<readonly SpiedNotice[]> => page.evaluate(() => window.kithNotices?.shown ?? []);

test("a hidden tab notifies once per conversation and of requests, and a click leads there", async ({ world }) => {
  const [alice, bob, carol] = await Promise.all(["Alice", "Bob", "Carol"].map((name) => world.person(name)));
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error("nobody is here");
  await alice.openAndStart();
  const link = await alice.createInvite();
  await bob.startByInvite(link, alice);
  await expect(alice.conversationLink(bob)).toBeVisible();
  await alice.page.context().grantPermissions(["notifications", "clipboard-read", "clipboard-write"]);
  await spy(alice.page);
  await alice.reload();
  await expect(alice.network).toContainText("Online");

  await setHidden(alice.page, true);
  await bob.send("nobody asked for this");
  await expect(alice.message("nobody asked for this")).toBeVisible();
  await setHidden(alice.page, false);
  expect(await shownIn(alice.page)).toEqual([]);

  await alice.page.getByRole("button", { name: "Settings" }).click();
  const region = alice.page.getByRole("region", { name: "Notifications" });
  await expect(region).toContainText("Closed, it receives nothing");
  await region.getByRole("switch", { name: "Notify me" }).click();
  await expect(region.getByRole("switch", { name: "Notify me" })).toBeChecked();
  await alice.page.keyboard.press("Escape");

  await bob.send("while you look");
  await bob.expectState("while you look", "Read");
  await alice.leaveConversation();
  await setHidden(alice.page, true);
  await bob.send("the ferry leaves at six");
  await expect.poll(() => shownIn(alice.page)).toMatchObject([{ title: "Bob", body: "the ferry leaves at six" }]);

  await alice.page.evaluate(() => window.kithNotices?.click());
  await setHidden(alice.page, false);
  await expect(alice.conversationHeading(bob)).toBeVisible();
  await expect.poll(async () => (await shownIn(alice.page)).every((notice) => notice.isClosed)).toBe(true);

  await alice.page.getByRole("button", { name: "Settings" }).click();
  await region.getByRole("switch", { name: "Show message text" }).click();
  await expect(region.getByRole("switch", { name: "Show message text" })).not.toBeChecked();
  await alice.page.keyboard.press("Escape");
  await setHidden(alice.page, true);
  await bob.send("for your eyes only");
  await expect
    .poll(async () => (await shownIn(alice.page)).at(-1))
    .toMatchObject({ title: "Kith", body: "New message from Bob" });

  await test.step("who asks to be let in is not named where text is not shown, and a click opens Requests", async () => {
    await carol.startByInvite(link, alice);
    await carol.send("it is me, Carol");
    await expect
      .poll(async () => (await shownIn(alice.page)).at(-1))
      .toMatchObject({ title: "Kith", body: "Somebody asks to be let in. Open Requests to decide." });
    await alice.page.evaluate(() => window.kithNotices?.click());
    await setHidden(alice.page, false);
    const requests = alice.page.getByRole("dialog", { name: "Requests" });
    await expect(requests.getByRole("listitem")).toContainText("Carol");
    await requests.getByRole("button", { name: "Delete" }).click();
    await expect(requests.getByRole("listitem")).toHaveCount(0);
    expect((await shownIn(alice.page)).map(({ body }) => body).join()).not.toContain("it is me");
    await alice.page.keyboard.press("Escape");
  });

  await test.step("a browser that blocks it is told how to allow it, and the choices are kept", async () => {
    await alice.page.context().clearPermissions();
    await alice.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await alice.reload();
    await alice.page.getByRole("button", { name: "Settings" }).click();
    await expect(region.getByRole("switch", { name: "Show message text" })).not.toBeChecked();
    await expect(region.getByRole("switch", { name: "Notify me" })).not.toBeChecked();
    await region.getByRole("switch", { name: "Notify me" }).click();
    await expect(region.getByRole("status")).toContainText(/Allow them in its settings|Switch this on again/);
  });
});
