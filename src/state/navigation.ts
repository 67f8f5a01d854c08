/**
 * Where the person is. The address bar and the history follow, so that the back gesture goes from a conversation to the list and from
 * Settings to what lay below. An invite leaves the address bar at once; the history entry keeps it until it was dealt with.
 */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { ThreadId } from "../core/views.ts";
import { formatRoute, parseRoute, type Route } from "./route.ts";

interface EntryState {
  /** The entry below this one is the place that "back" means. */
  readonly hasOrigin?: boolean;
  readonly invite?: string;
}

export interface Navigation {
  /** The open conversation; stays while Settings lies over it. */
  readonly thread: ReadonlySignal<ThreadId | undefined>;
  readonly isSettings: ReadonlySignal<boolean>;
  /** An invite that was opened and not yet dealt with. */
  readonly invite: ReadonlySignal<string | undefined>;
  open(thread: ThreadId): void;
  openSettings(): void;
  /** One level up: from Settings to what lay below, from a conversation to the list. */
  up(): void;
  /** Runs a step once the address bar agrees with what is shown: at once, or when the history has gone back. */
  whenSettled(step: () => void): void;
  forgetInvite(): void;
  dispose(): void;
}

export function createNavigation(window: Window): Navigation {
  const { history, location } = window;
  const route = signal<Route>({ kind: "list" });
  const below = signal<Route>({ kind: "list" });
  const invite = signal<string | undefined>(undefined);

  const entryState = (): EntryState => (history.state as EntryState | null) ?? {};
  const show = (next: Route): void => {
    if (next.kind !== "settings") below.value = next;
    route.value = next;
  };
  let isGoingBack = false;
  /** What the history is still to do, in order, once it has gone back: what is shown changed already. */
  const pending: (() => void)[] = [];
  const whenSettled = (step: () => void): void => {
    if (isGoingBack) pending.push(step);
    else step();
  };
  const put = (how: "push" | "replace", next: Route, state: EntryState): void => {
    const url = location.pathname + location.search + formatRoute(next);
    if (how === "push") history.pushState(state, "", url);
    else history.replaceState(state, "", url);
  };
  const write = (how: "push" | "replace", next: Route, state: () => EntryState): void => {
    show(next);
    whenSettled(() => put(how, next, state()));
  };
  const read = (): void => {
    const next = parseRoute(location.hash);
    if (next.kind !== "invite") return show(next);
    invite.value = next.text;
    write("replace", route.value, () => ({ invite: next.text }));
  };

  /**
   * Shows what is one level up at once: the history follows, and a second Escape must not mean the same level again. The address is
   * right before that, for a page that is loaded anew does not go back any more.
   */
  const goUp = (next: Route): void => {
    show(next);
    whenSettled(() => {
      isGoingBack = entryState().hasOrigin === true;
      put("replace", next, {});
      if (isGoingBack) history.back();
    });
  };
  const onPopState = (): void => {
    const wasOurs = isGoingBack;
    isGoingBack = false;
    if (!wasOurs || pending.length === 0) return read();
    // A step that goes back once more puts the rest off again.
    for (const step of pending.splice(0)) whenSettled(step);
  };
  const onHashChange = (): void => {
    if (!isGoingBack) read();
  };

  const kept = entryState().invite;
  if (kept !== undefined) invite.value = kept;
  read();
  window.addEventListener("popstate", onPopState);
  window.addEventListener("hashchange", onHashChange);

  return {
    thread: computed(() => {
      const shown = route.value.kind === "settings" ? below.value : route.value;
      return shown.kind === "conversation" ? shown.thread : undefined;
    }),
    isSettings: computed(() => route.value.kind === "settings"),
    invite,
    open(thread) {
      const now = route.value;
      if (now.kind === "conversation" && now.thread === thread) return;
      const next: Route = { kind: "conversation", thread };
      if (now.kind === "list") write("push", next, () => ({ hasOrigin: true }));
      else write("replace", next, entryState);
    },
    openSettings() {
      if (route.value.kind !== "settings") write("push", { kind: "settings" }, () => ({ hasOrigin: true }));
    },
    up() {
      if (route.value.kind === "list") return;
      goUp(route.value.kind === "settings" ? below.value : { kind: "list" });
    },
    whenSettled,
    forgetInvite() {
      invite.value = undefined;
      whenSettled(() => {
        const { invite: _dealtWith, ...rest } = entryState();
        history.replaceState(rest, "");
      });
    },
    dispose() {
      window.removeEventListener("popstate", onPopState);
      window.removeEventListener("hashchange", onHashChange);
    },
  };
}
