/** The page's side of the service worker: registers it, hears of another build, and lets that one take over after a yes. */
import { Workbox } from "workbox-window";
import { serviceWorkerUrl } from "../adapters/platform/worker-urls.ts";

const LOOK_INTERVAL_MS = 600_000;
const CHECK_INTERVAL_MS = 3_600_000;

export interface AppUpdates {
  /** Another build is complete on this device. May be called more than once. */
  onReady(listener: () => void): void;
  /** The worker of another build has taken over, for every tab: what this page has not loaded yet may be gone. Called at most once. */
  onReplaced(listener: () => void): void;
  /** Changes to the other build: `onReplaced` follows. */
  apply(): void;
}

/** Rejects where the worker cannot be registered: Kith then runs as a page. */
export async function registerWorker(): Promise<AppUpdates> {
  const container = navigator.serviceWorker;
  let tell = (): void => undefined;
  let isControlled = container.controller !== null;
  const replaced = new Promise<void>((resolve) => {
    container.addEventListener("controllerchange", () => {
      // The first worker of a page is of the build that the page came from.
      if (isControlled) resolve();
      isControlled = true;
    });
  });

  const workbox = new Workbox(serviceWorkerUrl(), { updateViaCache: "none" });
  workbox.addEventListener("waiting", () => tell());
  const registration = await workbox.register();
  if (registration === undefined) throw new Error("The service worker was not registered");

  let checkedAt = Date.now();
  const check = (): void => {
    // An install that another tab began is not always told here.
    if (registration.waiting !== null) tell();
    if (document.visibilityState === "hidden" || Date.now() - checkedAt < CHECK_INTERVAL_MS) return;
    checkedAt = Date.now();
    // Away from the host is no trouble: there will be another time.
    registration.update().catch(() => undefined);
  };
  document.addEventListener("visibilitychange", check);
  setInterval(check, LOOK_INTERVAL_MS);

  return {
    onReady(listener) {
      tell = listener;
      if (registration.waiting !== null) listener();
    },
    onReplaced: (listener) => void replaced.then(listener),
    apply() {
      if (registration.waiting === null) window.location.reload();
      else workbox.messageSkipWaiting();
    },
  };
}
