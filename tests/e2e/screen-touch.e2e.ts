/** A message's actions where nothing hovers: quiet until the message is touched, and always there for those who do not look. */
import { expect, type Page } from "@playwright/test";
import { ANA, CAROL_AWAY, test } from "../support/screen-test.ts";

test.use({ hasTouch: true, isMobile: true });

const button = (page: Page, text: string) =>
  page.getByRole("article").filter({ hasText: text }).getByRole("button", { name: "Message actions" });
const KEYS = "Keys are with the neighbour";
const COFFEE = "And bring the good coffee";

/** A finger on the text of a message that moves by so much, and stays for so long. */
async function hold(page: Page, text: string, moveY = 0): Promise<{ readonly lift: () => Promise<void> }> {
  // Until it stands still: the list may be on its way to its newest message.
  await page.getByText(text).tap({ trial: true });
  const box = await page.getByText(text).boundingBox();
  if (box === null) throw new Error(`"${text}" is not on the screen`);
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [at] });
  if (moveY !== 0) {
    const moved = { x: at.x, y: at.y + moveY };
    await session.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: [moved] });
  }
  return {
    lift: async () => {
      await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
      await session.detach();
    },
  };
}

test("shows the button of the message that was touched last, 44 px each way, and no other", async ({ kith }) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  const buttons = page.getByRole("button", { name: "Message actions" });
  await expect(buttons).toHaveCount(4);
  for (const each of await buttons.all()) await expect(each).toHaveCSS("opacity", "0");
  await page.getByText(KEYS).tap();
  await expect(button(page, KEYS)).toHaveCSS("opacity", "1");
  await page.getByText(COFFEE).tap();
  await expect(button(page, COFFEE)).toHaveCSS("opacity", "1");
  await expect(button(page, KEYS)).toHaveCSS("opacity", "0");
  const box = await button(page, COFFEE).boundingBox();
  expect([box?.width, box?.height]).toEqual([44, 44]);
  await button(page, COFFEE).tap();
  await expect(page.getByRole("menuitem", { name: "Edit" })).toBeVisible();
});

test("a long press opens the menu, which stays when the finger leaves", async ({ kith }) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  const finger = await hold(page, KEYS);
  await expect(page.getByRole("menuitem", { name: "Cancel" })).toBeVisible();
  await finger.lift();
  await page.getByRole("menuitem", { name: "Edit" }).tap();
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveValue(
    "Keys are with the neighbour, second floor.",
  );
});

test("a finger that scrolls opens nothing", async ({ kith }) => {
  await kith.open({ hash: `#/c/${CAROL_AWAY}` });
  const { page } = kith;
  const scrolling = await hold(page, KEYS, 40);
  // The press on another message that follows would come second if this one counted.
  await scrolling.lift();
  const finger = await hold(page, "Landing now, phone off");
  await expect(page.getByRole("menuitem", { name: "Copy" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Cancel" })).toHaveCount(0);
  await finger.lift();
});

test.describe("with a mouse", () => {
  test.use({ hasTouch: false, isMobile: false });

  test("the secondary button opens the menu, except on a link and on selected text", async ({ kith }) => {
    await kith.open({ hash: `#/c/${ANA}` });
    const { page } = kith;
    await page.getByText("Upper one, by the window").click({ button: "right" });
    await expect(page.getByRole("menuitem", { name: "Copy" })).toBeFocused();
    await page.keyboard.press("Escape");
    await page.getByRole("article").getByRole("link").click({ button: "right" });
    await expect(page.getByRole("menuitem")).toHaveCount(0);
    await page.getByText("Upper one, by the window").selectText();
    await page.getByText("Upper one, by the window").click({ button: "right" });
    await expect(page.getByRole("menuitem")).toHaveCount(0);
  });
});
