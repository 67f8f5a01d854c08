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
  forgetInvite(): void;
  dispose(): void;
}

export function createNavigation(window: Window): Navigation {
  const { history, location } = window;
  const route = signal<Route>({ kind: "list" });
  const below = signal<Route>({ kind: "list" });
  const invite = signal<string | undefined>(undefined);

  const entryState = (): EntryState => (history.state as EntryState | null) ?? {};
  const write = (how: "push" | "replace", next: Route, state: EntryState): void => {
    const url = location.pathname + location.search + formatRoute(next);
    if (how === "push") history.pushState(state, "", url);
    else history.replaceState(state, "", url);
    show(next);
  };
  const show = (next: Route): void => {
    if (next.kind !== "settings") below.value = next;
    route.value = next;
  };
  const read = (): void => {
    const next = parseRoute(location.hash);
    if (next.kind !== "invite") return show(next);
    invite.value = next.text;
    write("replace", route.value, { invite: next.text });
  };

  let isGoingBack = false;
  /** Where the history is to end up once it has gone back. */
  let goal: Route | undefined;
  /** Makes the history agree with what is shown already. */
  const settle = (next: Route): void => {
    if (isGoingBack) {
      goal = next;
    } else if (entryState().hasOrigin === true) {
      isGoingBack = true;
      history.back();
    } else write("replace", next, {});
  };
  const onPopState = (): void => {
    const next = goal;
    isGoingBack = false;
    goal = undefined;
    if (next === undefined) read();
    else settle(next);
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
      if (now.kind === "list") write("push", next, { hasOrigin: true });
      else write("replace", next, entryState());
    },
    openSettings() {
      if (route.value.kind !== "settings") write("push", { kind: "settings" }, { hasOrigin: true });
    },
    up() {
      if (route.value.kind === "list") return;
      const next: Route = route.value.kind === "settings" ? below.value : { kind: "list" };
      // At once: the history follows later, and a second Escape must not mean the same level again.
      show(next);
      settle(next);
    },
    forgetInvite() {
      invite.value = undefined;
      const { invite: _dealtWith, ...rest } = entryState();
      history.replaceState(rest, "");
    },
    dispose() {
      window.removeEventListener("popstate", onPopState);
      window.removeEventListener("hashchange", onHashChange);
    },
  };
}
