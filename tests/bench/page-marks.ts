/** When, from the navigation, things first stood on the screen: noted inside the page, so that no time of the test driver is in it. */
import type { Page } from "@playwright/test";

const TIMEOUT_MS = 20_000;

/** Milliseconds from the navigation; NaN for what was not waited for and had not come. */
export interface Marks {
  /** The main screen, with whatever conversations there are. */
  readonly screen: number;
  /** A message of the open conversation. */
  readonly history: number;
  readonly online: number;
}

/** To run in a page before its own scripts. */
export function noteMarks(): void {
  const note = (name: string, isThere: () => boolean): void => {
    if (performance.getEntriesByName(name).length === 0 && isThere()) performance.mark(name);
  };
  new MutationObserver(() => {
    note("kith-screen", () => document.querySelector("nav[aria-label=Conversations]") !== null);
    note("kith-history", () => document.querySelector("[role=log] article") !== null);
    note("kith-online", () => {
      const network = document.querySelector('[role=status][aria-label="Network"]');
      return network?.textContent.includes("Online") === true;
    });
  }).observe(document, { childList: true, subtree: true, characterData: true });
}

/** Once all marks in `awaited` are there. */
export async function readMarks(page: Page, awaited: readonly (keyof Marks)[]): Promise<Marks> {
  await page.waitForFunction(
    (names) => names.every((name) => performance.getEntriesByName(`kith-${name}`).length > 0),
    awaited,
    { timeout: TIMEOUT_MS },
  );
  return page.evaluate(() => {
    const at = (name: string): number => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
    return { screen: at("kith-screen"), history: at("kith-history"), online: at("kith-online") };
  });
}
