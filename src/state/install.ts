/** Kith as an app of the system: what this browser offers, kept until somebody asks for it. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";

/** `menu`: only the person can do it, from the menu of the browser (iPhone, iPad). */
export type InstallOffer = "button" | "menu";

export interface InstallModel {
  /** Undefined where it is installed already, or the browser cannot install. */
  readonly offer: ReadonlySignal<InstallOffer | undefined>;
  /** Told not to mention it again. */
  readonly isDismissed: ReadonlySignal<boolean>;
  install(): void;
  dismiss(): void;
}

/** Not in the types of the DOM: only Chromium has it. */
interface InstallPromptEvent extends Event {
  prompt(): Promise<unknown>;
}

const STORAGE_KEY = "kith-install-dismissed";

export function createInstall(window: Window): InstallModel {
  const prompt = signal<InstallPromptEvent | undefined>(undefined);
  const isDismissed = signal(readDismissal(window));
  window.addEventListener("beforeinstallprompt", (event) => {
    // The browser's own bar would come in the middle of the first run.
    event.preventDefault();
    prompt.value = event as InstallPromptEvent;
  });
  window.addEventListener("appinstalled", () => {
    prompt.value = undefined;
  });
  // Safari alone has this property, and says with it whether the page came from the home screen.
  const needsMenu = "standalone" in window.navigator && !window.navigator.standalone;
  return {
    offer: computed(() => (prompt.value === undefined ? (needsMenu ? "menu" : undefined) : "button")),
    isDismissed,
    install() {
      const asked = prompt.value;
      // One event asks once; the browser sends another if the answer was no.
      prompt.value = undefined;
      asked?.prompt().catch(() => undefined);
    },
    dismiss() {
      isDismissed.value = true;
      try {
        window.localStorage.setItem(STORAGE_KEY, "yes");
      } catch {
        // Without this storage it is mentioned again the next time.
      }
    },
  };
}

function readDismissal(window: Window): boolean {
  try {
    return window.localStorage.getItem(STORAGE_KEY) !== null;
  } catch {
    return false;
  }
}
