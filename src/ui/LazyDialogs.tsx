/** Loads the dialogs, and what runs beside the screen, when the first is asked for, or before that once the page is idle. */
import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import type { AppModel } from "../state/app.ts";
import { fireAndForget } from "../state/fire-and-forget.ts";

interface DialogsProps {
  readonly app: AppModel;
}

const loaded = signal<ComponentType<DialogsProps> | undefined>(undefined);

function load(fail: (error: unknown) => void): void {
  if (loaded.value !== undefined) return;
  const work = import("./screens/Dialogs.tsx").then((module) => {
    loaded.value = module.Dialogs;
  });
  fireAndForget(work, fail);
}

export function LazyDialogs({ app }: DialogsProps) {
  const isWanted = app.dialog.value !== undefined;
  const Dialogs = loaded.value;
  useEffect(() => {
    if (isWanted) load(app.fail);
  }, [isWanted]);
  useEffect(() => {
    // Loaded ahead of the first use; if that fails, the first use tries again and tells.
    const loadQuietly = (): void => load(() => undefined);
    // Safari has no requestIdleCallback.
    if ("requestIdleCallback" in window) window.requestIdleCallback(loadQuietly);
    else setTimeout(loadQuietly);
  }, []);
  return Dialogs !== undefined ? <Dialogs app={app} /> : null;
}
