import type { Announcer } from "./announcer.ts";

/** Puts text on the clipboard. Says whether the browser allowed it. */
export async function copyText(navigator: Navigator, text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Copies, and announces the outcome. */
export async function copyAndTell(navigator: Navigator, text: string, announcer: Announcer): Promise<void> {
  announcer.announce({ kind: (await copyText(navigator, text)) ? "copied" : "not-copied" });
}
