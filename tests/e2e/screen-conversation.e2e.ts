import { expect, type Page } from "@playwright/test";
import type { ThreadId } from "../../src/core/views.ts";
import { ANA, BOB_WITH_LONG_HISTORY, CAROL_AWAY, DALIA_RIGHT_TO_LEFT, test, WIDE } from "../support/screen-test.ts";

const field = (page: Page) => page.getByRole("textbox", { name: "Message" });
const log = (page: Page) => page.getByRole("log", { name: "Messages" });
const calls = (page: Page, start: string) =>
  page.evaluate((prefix) => window.kith.messenger.calls.filter((call) => call.startsWith(prefix)), start);

test("opens at the first unread message, below the line that says so, with the composer focused", async ({ kith }) => {
  await kith.open({ hash: `#/c/${ANA}` });
  const { page } = kith;
  await expect(page.getByRole("heading", { level: 2, name: "Ana Brandt" })).toBeVisible();
  await expect(page.getByRole("status", { name: "Connection" })).toHaveText("Direct");
  await expect(page.getByText("New messages", { exact: true })).toBeInViewport();
  await expect(field(page)).toBeFocused();
});

test("names messages by author and time, and gives every own message one state", async ({ kith }) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  const own = page.getByRole("article", { name: /^You, / });
  await expect(own).toHaveCount(3);
  await expect(page.getByRole("article", { name: /^Carol Eze, \d/ })).toHaveCount(1);
  for (const article of await own.all()) {
    const text = (await article.textContent()) ?? "";
    expect(text.match(/Waiting for Carol Eze|Delivered|Read/g)).toHaveLength(1);
  }
  await expect(page.getByRole("status", { name: "Connection" })).toHaveText("Away");
});

test("says how many carry what somebody has not got, and on demand who, never that it is delivered", async ({
  kith,
}) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  await expect(page.getByText("You can still edit or cancel them.")).toBeVisible();
  await page.evaluate((id) => window.kith.messenger.carry(id as ThreadId, "Ana Brandt"), CAROL_AWAY);
  const last = page.getByRole("article").last();
  await expect(last).toContainText("Carried by 1");
  await expect(last).not.toContainText(/Waiting|Delivered/);
  await expect(page.getByText("You can still edit or cancel them.")).toHaveCount(0);
  await expect(page.getByText("Carried by Ana Brandt")).toHaveCount(0);
  await page.getByRole("button", { name: "Who carries it" }).click();
  await expect(page.getByText("Carried by Ana Brandt")).toBeVisible();
});

test("sends with Enter, breaks the line with Shift+Enter, and leaves an input method's Enter alone", async ({
  kith,
}) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  await field(page).pressSequentially("one");
  await page.keyboard.press("Shift+Enter");
  await field(page).pressSequentially("two");
  await field(page).evaluate((element) => {
    for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
      element.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...init }));
    }
  });
  await expect(field(page)).toHaveValue("one\ntwo");
  await page.keyboard.press("Enter");
  await expect(field(page)).toHaveValue("");
  await expect(page.getByRole("article").last()).toContainText("one\ntwo");
  expect(await calls(page, "send")).toEqual(["send one\ntwo"]);
});

test("keeps what is typed while a message is being stored, and does not send it twice", async ({ kith }) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  await page.evaluate(() => {
    window.kith.messenger.sendGate = new Promise((resolve) => window.addEventListener("stored", () => resolve()));
  });
  await field(page).fill("first");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await field(page).pressSequentially(" second");
  await page.evaluate(() => window.dispatchEvent(new Event("stored")));
  await expect(field(page)).toHaveValue(" second");
  expect(await calls(page, "send")).toEqual(["send first"]);
});

test("keeps the text of a message that could not be stored, and says why", async ({ kith }) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  await page.evaluate(() => {
    window.kith.messenger.nextSendResult = { kind: "full" };
  });
  await field(page).fill("precious");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("alert")).toContainText("this device is full");
  await expect(field(page)).toHaveValue("precious");
});

test("tells the length limit before sending", async ({ kith }) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  await field(page).fill("é".repeat(3900));
  await expect(page.getByText("About 200 characters left")).toBeVisible();
  await field(page).fill("é".repeat(4001));
  await expect(page.getByRole("alert")).toContainText("Too long");
  await page.keyboard.press("Enter");
  await expect(field(page)).toHaveValue("é".repeat(4001));
  expect(await calls(page, "send")).toEqual([]);
});

test("keeps a draft per conversation, also across a reload", async ({ kith }) => {
  await kith.open({ hash: `#/c/${BOB_WITH_LONG_HISTORY}` });
  const { page } = kith;
  await field(page).fill("not yet finished");
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByRole("link", { name: /^Ana Brandt/ }).click();
  await expect(field(page)).toHaveValue("");
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByRole("link", { name: /^Bob/ }).click();
  await expect(field(page)).toHaveValue("not yet finished");
  await page.reload();
  await expect(field(page)).toHaveValue("not yet finished");
});

test("edits and cancels a waiting message from its menu by keyboard, and returns focus", async ({ kith }) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  const actions = page.getByRole("button", { name: "Message actions" });
  await page.keyboard.press("Shift+Tab");
  await expect(actions.last()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem")).toHaveText(["Copy", "Edit", "Cancel"]);
  await page.keyboard.press("Escape");
  await expect(actions.last()).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(field(page)).toBeFocused();
  await expect(field(page)).toHaveValue("And bring the good coffee.");
  await field(page).fill("And bring tea.");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("article").last()).toContainText("And bring tea.");
  await expect(field(page)).toHaveValue("");
  await actions.last().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Cancel" }).click();
  await expect(page.getByText("And bring tea.")).toHaveCount(0);
});

test("offers only Copy on a message that has left", async ({ kith }) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  await page.getByRole("button", { name: "Message actions" }).first().click();
  await expect(page.getByRole("menuitem")).toHaveText(["Copy"]);
});

test("announces author and text of what arrives", async ({ kith }) => {
  await kith.open({ hash: `#/c/${ANA}` });
  const { page } = kith;
  await page.evaluate((id) => void window.kith.messenger.receive(id as never, "the gate has changed"), ANA);
  await expect(page.locator("[aria-live=polite]")).toContainText("Ana Brandt: the gate has changed");
});

test("turns Waiting into Delivered and Read without a jump", async ({ kith }) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  const last = page.getByRole("article").last();
  await expect(last).toContainText("Waiting for Carol Eze");
  await page.evaluate((id) => window.kith.messenger.deliver(id as never, { isRead: true }), CAROL_AWAY);
  await expect(last).toContainText("Read");
  await expect(page.getByText("Waiting for")).toHaveCount(0);
});

test("shows links with their real host, inert until clicked", async ({ kith }) => {
  await kith.open({ hash: `#/c/${ANA}` });
  const { page } = kith;
  await page.evaluate(
    (id) =>
      void window.kith.messenger.receive(id as never, "see https://bank.example@evil.test/a and https://раураl.test"),
    ANA,
  );
  const links = log(page).getByRole("article").last().getByRole("link");
  await expect(links.nth(0)).toHaveText("https://evil.test/a");
  await expect(links.nth(1)).toHaveText(/^https:\/\/xn--/);
  await expect(links.nth(0)).toHaveAttribute("rel", "noopener noreferrer");
  await expect(links.nth(0)).toHaveAttribute("target", "_blank");
});

test("does not move what is being read when older pages load or messages arrive", async ({ kith }) => {
  await kith.open({ hash: `#/c/${BOB_WITH_LONG_HISTORY}` });
  const { page } = kith;
  await expect(page.getByRole("article").last()).toContainText("Message number 2000");
  for (let round = 0; round < 6; round += 1) {
    const before = await page.evaluate(() => readAndScroll());
    await expect.poll(() => page.evaluate((id) => topOf(id), before.id)).toBeCloseTo(before.top, -0.5);
  }
  const still = await page.evaluate(() => firstVisible());
  await page.evaluate((id) => void window.kith.messenger.receive(id as never, "new below"), BOB_WITH_LONG_HISTORY);
  await expect(page.getByRole("button", { name: "Newest messages" })).toContainText("1");
  expect(await page.evaluate((id) => topOf(id), still.id)).toBeCloseTo(still.top, 0);
  expect(await page.getByRole("article").count()).toBeLessThanOrEqual(200);
  await page.getByRole("button", { name: "Newest messages" }).click();
  await expect(page.getByRole("article").last()).toContainText("new below");
  await expect(page.getByRole("article").last()).toBeInViewport();
  await expect(page.getByRole("button", { name: "Newest messages" })).toHaveCount(0);
});

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const logTop = (): number => document.querySelector(".log")?.getBoundingClientRect().top ?? 0;
    Object.assign(window, {
      topOf: (id: string) =>
        (document.querySelector(`[data-id="${id}"]`)?.getBoundingClientRect().top ?? Number.NaN) - logTop(),
      firstVisible() {
        const article = [...document.querySelectorAll<HTMLElement>("[data-id]")].find(
          (candidate) => candidate.getBoundingClientRect().bottom > logTop() + 60,
        );
        return {
          id: article?.dataset["id"] ?? "",
          top: (article?.getBoundingClientRect().top ?? Number.NaN) - logTop(),
        };
      },
      readAndScroll() {
        const element = document.querySelector(".log");
        element?.scrollBy(0, -1500);
        return window.firstVisible();
      },
    });
  });
});

declare global {
  interface Window {
    topOf(id: string): number;
    firstVisible(): { readonly id: string; readonly top: number };
    readAndScroll(): { readonly id: string; readonly top: number };
  }
  const topOf: Window["topOf"];
  const firstVisible: Window["firstVisible"];
  const readAndScroll: Window["readAndScroll"];
}

test("stays at the newest while at the bottom, also when the composer grows", async ({ kith }) => {
  await kith.open({ hash: `#/c/${BOB_WITH_LONG_HISTORY}` });
  const { page } = kith;
  await page.evaluate((id) => void window.kith.messenger.receive(id as never, "and another"), BOB_WITH_LONG_HISTORY);
  await expect(page.getByRole("article").last()).toBeInViewport({ ratio: 1 });
  const before = await field(page).evaluate((element) => element.clientHeight);
  await field(page).fill("a\nb\nc\nd\ne\nf\ng\nh\ni\nj");
  await expect(page.getByRole("article").last()).toBeInViewport({ ratio: 1 });
  const after = await field(page).evaluate((element) => element.clientHeight);
  expect(after).toBeGreaterThan(before * 2.5);
  expect(after).toBeLessThan(6.5 * 22.4 + 24);
});

test("shows at least eight short messages on a phone, and says Network there", async ({ kith }) => {
  await kith.open({ hash: `#/c/${BOB_WITH_LONG_HISTORY}` });
  const { page } = kith;
  const network = page.getByRole("status", { name: "Network" });
  await expect(network).toHaveText(/^Online/);
  await page.evaluate(() => {
    window.kith.messenger.setNetwork({ reachability: { kind: "offline", reason: "no-network" }, relays: [] });
  });
  await expect(network).toHaveText(/^Offline.*network/);
  await expect(network).toBeInViewport({ ratio: 1 });
  await page.evaluate(async (id) => {
    for (let count = 0; count < 12; count += 1) await window.kith.messenger.send(id as never, `short ${count}`);
  }, BOB_WITH_LONG_HISTORY);
  await expect(page.getByRole("article").last()).toContainText("short 11");
  const visible = await page.evaluate(() => {
    const room = document.querySelector(".log")?.getBoundingClientRect();
    return [...document.querySelectorAll("article")].filter((article) => {
      const at = article.getBoundingClientRect();
      return room !== undefined && at.top >= room.top && at.bottom <= room.bottom;
    }).length;
  });
  expect(visible).toBeGreaterThanOrEqual(8);
});

test("writes right to left where the text does, and mirrors with the page", async ({ kith }) => {
  await kith.open({ query: "&rtl", hash: `#/c/${DALIA_RIGHT_TO_LEFT}` });
  const { page } = kith;
  const own = await page.getByRole("article", { name: /^You/ }).locator(".bubble").boundingBox();
  expect(own?.x).toBeLessThan(60);
  await expect(page.locator(".message-text").first()).toHaveAttribute("dir", "auto");
});

for (const width of [320, 390]) {
  test(`does not scroll sideways at ${width} px`, async ({ kith }) => {
    await kith.page.setViewportSize({ width, height: 640 });
    for (const hash of ["#/", `#/c/${ANA}`, `#/c/${CAROL_AWAY}`, "#/settings"]) {
      await kith.open({ hash });
      const overflow = await kith.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
    }
  });
}

test("goes from the conversation to the list with Back, Escape and the back gesture", async ({ kith }) => {
  await kith.open();
  const { page } = kith;
  const list = page.getByRole("navigation", { name: "Conversations" });
  for (const leave of [
    () => page.getByRole("button", { name: "Back" }).click(),
    () => page.keyboard.press("Escape"),
    () => page.goBack(),
  ]) {
    await page.getByRole("link", { name: /^Ana Brandt/ }).click();
    await expect(list).toHaveCount(0);
    await expect(page).toHaveURL(/#\/c\/a11a$/);
    await leave();
    await expect(list).toBeVisible();
    await expect(page.getByRole("link", { name: /^Ana Brandt/ })).toBeFocused();
  }
});

test("shows list and conversation side by side on a wide screen", async ({ kith }) => {
  await kith.page.setViewportSize(WIDE);
  await kith.open({ hash: `#/c/${ANA}` });
  const { page } = kith;
  await expect(page.getByRole("link", { name: /^Carol Eze/ })).toBeVisible();
  await expect(log(page)).toBeVisible();
  await expect(page.getByRole("button", { name: "Back" })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("link", { name: /^Ana Brandt/ })).toBeFocused();
});
