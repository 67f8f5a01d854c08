/** The life of the page as the browser tells it: shown, hidden, asleep, awake, going, and the network with it. */
import { Listeners } from "./listeners.ts";

/** Every `on…` returns its unsubscribe function. */
export interface PageLife {
  isVisible(): boolean;
  /** Whether the browser believes there is a network. Only a "no" can be relied on. */
  isOnline(): boolean;
  onVisible(listener: (isVisible: boolean) => void): () => void;
  /** The page may have slept (frozen, or hidden for a while) and is back; sockets may be dead without knowing it. */
  onWake(listener: () => void): () => void;
  onOnline(listener: (isOnline: boolean) => void): () => void;
  /** The page is being left. Only what is started synchronously has a chance. */
  onLeave(listener: () => void): () => void;
  /** The page was left and came back out of the back/forward cache: what `onLeave` ended is gone, so start anew. */
  onReturn(listener: () => void): () => void;
  reload(): void;
  /** Ends the watching. */
  stop(): void;
}

export function createPageLife(): PageLife {
  const visible = new Listeners<[boolean]>();
  const woken = new Listeners<[]>();
  const online = new Listeners<[boolean]>();
  const left = new Listeners<[]>();
  const returned = new Listeners<[]>();
  const watching = new AbortController();
  const on = (target: EventTarget, type: string, listener: (event: Event) => void): void => {
    target.addEventListener(type, listener, { signal: watching.signal });
  };

  on(document, "visibilitychange", () => {
    visible.tell(isVisible());
    if (isVisible()) woken.tell();
  });
  on(document, "resume", () => woken.tell());
  on(window, "online", () => online.tell(true));
  on(window, "offline", () => online.tell(false));
  on(window, "pagehide", () => left.tell());
  on(window, "pageshow", (event) => {
    if (event instanceof PageTransitionEvent && event.persisted) returned.tell();
  });

  return {
    isVisible,
    isOnline: () => navigator.onLine,
    onVisible: (listener) => visible.add(listener),
    onWake: (listener) => woken.add(listener),
    onOnline: (listener) => online.add(listener),
    onLeave: (listener) => left.add(listener),
    onReturn: (listener) => returned.add(listener),
    reload() {
      // A history that goes back in the same moment cancels a reload, and a device that was to lock would stay open.
      window.addEventListener("popstate", () => window.location.reload());
      window.location.reload();
    },
    stop: () => watching.abort(),
  };
}

function isVisible(): boolean {
  return document.visibilityState === "visible";
}
