/** Erasing this device: everything stops, everything goes, and the page starts as if it had never been here. */
import type { AppPorts } from "./app-ports.ts";

export interface Erasing {
  erase(ports: AppPorts): Promise<void>;
  /** Another tab erased everything. */
  startAnew(): void;
  hasBegun(): boolean;
}

export function createErasing(window: Window, onFailure: (error: unknown) => void): Erasing {
  let hasBegun = false;
  const startAnew = (): void => {
    hasBegun = true;
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
    window.location.reload();
  };
  return {
    async erase({ messenger, storage }) {
      if (hasBegun) return;
      hasBegun = true;
      try {
        await messenger.stop();
        await storage.erase();
        startAnew();
      } catch (error) {
        hasBegun = false;
        onFailure(error);
      }
    },
    startAnew,
    hasBegun: () => hasBegun,
  };
}
