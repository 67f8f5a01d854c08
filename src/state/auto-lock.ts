/** Locks a protected device: by its shortcut, and when nobody has used it for as long as was chosen. */
import type { AppPorts } from "./app-ports.ts";
import { fireAndForget } from "./fire-and-forget.ts";

const CHECK_PAUSE_MS = 5_000;
const MS_PER_MINUTE = 60_000;
/** What a person does at a device. */
const SIGNS_OF_USE = ["pointerdown", "keydown", "wheel", "touchmove"] as const;

export interface AutoLockNeeds {
  readonly ports: Pick<AppPorts, "vault" | "messenger" | "page">;
  /** The window. */
  readonly target: EventTarget;
  readonly onFailure: (error: unknown) => void;
}

/** Returns what ends it. */
export function startAutoLock({ ports, target, onFailure }: AutoLockNeeds): () => void {
  const { vault, messenger, page } = ports;
  const watching = new AbortController();
  let usedAt = Date.now();
  let lockAfterMinutes = 0;
  let isLocking = false;

  const lock = (): void => {
    if (isLocking || vault.view()?.isProtected !== true) return;
    isLocking = true;
    page.reload();
  };
  const check = (): void => {
    if (lockAfterMinutes > 0 && Date.now() - usedAt >= lockAfterMinutes * MS_PER_MINUTE) lock();
  };
  const used = (event: Event): void => {
    // Who comes back to a device that slept finds it locked.
    check();
    usedAt = Date.now();
    if (isKey(event) && event.altKey && event.shiftKey && event.code === "KeyL") lock();
  };
  for (const type of SIGNS_OF_USE) target.addEventListener(type, used, { signal: watching.signal, passive: true });
  const timer = setInterval(check, CHECK_PAUSE_MS);
  const ends = [
    page.onVisible(check),
    messenger.subscribe((event) => {
      if (event.type === "settings") lockAfterMinutes = event.settings.lockAfterMinutes;
    }),
  ];
  const read = messenger.settings().then((settings) => {
    lockAfterMinutes = settings.lockAfterMinutes;
  });
  fireAndForget(read, onFailure);
  return () => {
    clearInterval(timer);
    watching.abort();
    for (const end of ends) end();
  };
}

function isKey(event: Event): event is KeyboardEvent {
  return event.type === "keydown";
}
