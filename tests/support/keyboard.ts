/** A person without a mouse: moves by Tab alone, and must always see where the focus is. */
import { expect, type Locator, type Page } from "@playwright/test";

const MOST_STOPS = 60;

/** Presses Tab (or Shift+Tab) until the control is focused, and sees the mark of focus on it. */
export async function tabTo(page: Page, control: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  for (let stops = 0; stops < MOST_STOPS; stops += 1) {
    await page.keyboard.press(key);
    const isThere = await control.evaluateAll((elements) => elements.includes(document.activeElement as never));
    if (isThere) {
      await expectVisibleFocus(page);
      return;
    }
  }
  throw new Error(`${key} does not reach ${String(control)}`);
}

/** Something is focused, is on the screen, and is drawn with an outline, on itself or on what stands for it. */
export async function expectVisibleFocus(page: Page): Promise<void> {
  const seen = await page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return "nothing is focused";
    const box = focused.getBoundingClientRect();
    const isOn = box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth;
    if (!isOn) return "what is focused is off the screen";
    if (Number(getComputedStyle(focused).opacity) === 0 && focused.nextElementSibling === null)
      return "it is invisible";
    const isMarked = [focused, focused.nextElementSibling].some((element) => {
      if (element === null) return false;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1;
    });
    return isMarked && focused.matches(":focus-visible") ? "" : "focus has no mark";
  });
  expect(seen).toBe("");
}
