/** The number on the icon of the installed app, where the system has one. */
import { effect } from "@preact/signals";
import { fireAndForget } from "./fire-and-forget.ts";

type BadgedNavigator = Partial<Pick<Navigator, "setAppBadge" | "clearAppBadge">>;

/** Follows `unread`; leaves the icon alone while it is undefined: only the tab that has the conversations knows. */
export function keepBadge(navigator: BadgedNavigator, unread: () => number | undefined): void {
  effect(() => {
    const count = unread();
    if (count === undefined) return;
    const shown = count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
    // Only an installed app has an icon; elsewhere the browser may refuse.
    if (shown !== undefined) fireAndForget(shown, () => undefined);
  });
}
