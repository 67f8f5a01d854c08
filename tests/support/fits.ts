/** Whether everything one can operate is wholly on the screen: inside its width, not cut off, not covered by something else. */
import type { Page } from "@playwright/test";

/** What does not fit, in words; empty when all does. */
export async function misfits(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    // A change of size is answered in the next frame, and drawn in the one after.
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    const CONTROLS = "a[href], button, input, select, textarea, [role=menuitem], h1, h2, [role=status], [role=alert]";
    const found: string[] = [];
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width) found.push("the page scrolls sideways");
    const modal = document.querySelector("dialog[open]");
    const isHidden = (element: Element): boolean =>
      !element.checkVisibility({ visibilityProperty: true }) ||
      (modal !== null && !modal.contains(element)) ||
      element.closest(".visually-hidden, .skip-link") !== null;
    /** What of it the boxes that scroll around it leave to be seen. */
    const seen = (element: Element): DOMRect | undefined => {
      const box = element.getBoundingClientRect();
      let [top, bottom] = [Math.max(0, box.top), Math.min(window.innerHeight, box.bottom)];
      for (let around = element.parentElement; around !== null; around = around.parentElement) {
        if (getComputedStyle(around).overflowY === "visible") continue;
        const clip = around.getBoundingClientRect();
        top = Math.max(top, clip.top);
        bottom = Math.min(bottom, clip.bottom);
      }
      return bottom - top < Math.min(8, box.height) ? undefined : new DOMRect(box.left, top, box.width, bottom - top);
    };
    for (const element of document.querySelectorAll(CONTROLS)) {
      if (isHidden(element)) continue;
      const name = `${element.tagName.toLowerCase()} "${element.getAttribute("aria-label") ?? element.textContent.slice(0, 40)}"`;
      const box = element.getBoundingClientRect();
      if (box.left < -0.5 || box.right > width + 0.5)
        found.push(`${name} leaves the screen: ${box.left}–${box.right} of ${width}`);
      const isText = element.matches("button, [role=menuitem], [role=alert]");
      if (isText && element.scrollWidth > element.clientWidth + 1) found.push(`${name} is cut off`);
      for (const child of element.querySelectorAll("span")) {
        if (child.scrollWidth > child.clientWidth + 1 && child.clientWidth > 0 && element.matches("button, label"))
          found.push(`${name} is cut off inside`);
      }
      const visible = seen(element);
      if (visible === undefined || !element.matches("a, button, input, select, textarea, [role=menuitem]")) continue;
      const at = document.elementFromPoint(visible.left + visible.width / 2, visible.top + visible.height / 2);
      const isOwn =
        at !== null && (element.contains(at) || at.contains(element) || at.closest("label")?.contains(element));
      // It floats over the history, which scrolls under it.
      if (isOwn !== true && at?.closest(".to-newest, .day-title, .live, [role=menu]") === null)
        found.push(`${name} is covered by ${at.getAttribute("class") ?? at.tagName}`);
    }
    for (const label of document.querySelectorAll(".segment span")) {
      if (!isHidden(label) && label.scrollWidth > label.clientWidth + 1)
        found.push(`choice "${label.textContent}" is cut off`);
    }
    for (const inner of document.querySelectorAll(".segment span, .avatar")) {
      const around = inner.closest(".segments, .thread-row, .head") ?? document.body;
      const [box, outer] = [inner.getBoundingClientRect(), around.getBoundingClientRect()];
      const words = document.createRange();
      words.selectNodeContents(inner);
      const isOut = box.right > outer.right + 1 || box.left < outer.left - 1;
      if (!isHidden(inner) && (isOut || words.getBoundingClientRect().width > box.width + 1))
        found.push(`"${inner.textContent}" leaves what it stands in`);
    }
    for (const log of document.querySelectorAll("[role=log], dialog[open], nav, main")) {
      if (log.scrollWidth > log.clientWidth + 1) found.push(`${log.tagName} ${log.className} scrolls sideways`);
    }
    return found;
  });
}
