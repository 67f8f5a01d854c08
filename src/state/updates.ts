/** Another build of Kith that waits on this device for a yes. Looked for once the app has started, never before. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { AppUpdates } from "./app-ports.ts";

export interface UpdatesModel {
  readonly isReady: ReadonlySignal<boolean>;
  /** This page belongs to a build that is gone. */
  isReplaced(): boolean;
  /** Once there is a profile here: who only looks, or erased everything, is left without a worker. Does its work once. */
  watch(): Promise<void>;
  apply(): void;
}

/** `load` is absent where the browser has no service workers, and rejects where it forbids them. */
export function createUpdates(
  load: (() => Promise<AppUpdates>) | undefined,
  page: { readonly hasProfile: () => boolean; readonly isElsewhere: () => boolean; readonly reload: () => void },
): UpdatesModel {
  const isReady = signal(false);
  let isReplaced = false;
  let isWatching = false;
  let updates: AppUpdates | undefined;
  return {
    isReady,
    isReplaced: () => isReplaced,
    async watch() {
      if (isWatching || !page.hasProfile()) return;
      isWatching = true;
      try {
        updates = await load?.();
      } catch {
        // Kith then runs as a page: it needs the host to start, and is new after every reload.
      }
      updates?.onReady(() => {
        isReady.value = true;
      });
      updates?.onReplaced(() => {
        isReplaced = true;
        // A tab that waits goes on waiting: reloaded together with the one in use, it could take the conversations from it.
        if (!page.isElsewhere()) page.reload();
      });
    },
    apply: () => updates?.apply(),
  };
}
