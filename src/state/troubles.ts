/** What went wrong and is told on the screen: one trouble at a time, in words, until it is dismissed. */
import { signal, type ReadonlySignal, type Signal } from "@preact/signals";

export type AppTrouble = "bug" | "full" | "nearly-full" | "disk" | "network-start" | "not-erased";

export interface Troubles {
  readonly trouble: ReadonlySignal<AppTrouble | undefined>;
  /** Tells unless something is told already. */
  raise(trouble: AppTrouble): void;
  dismissTrouble(): void;
  /** A failure that nobody expected: told on the screen. */
  readonly fail: (error: unknown) => void;
}

export interface TroublesModel extends Troubles {
  readonly trouble: Signal<AppTrouble | undefined>;
  /** Tells of a failure in words of its own. */
  telling(told: AppTrouble): (error: unknown) => void;
}

const STORE_IS_LOST = /^(StoreClosed|Fenced)Error$/;

export function createTroubles(): TroublesModel {
  const trouble = signal<AppTrouble | undefined>(undefined);
  const raise = (raised: AppTrouble): void => {
    trouble.value ??= raised;
  };
  return {
    trouble,
    raise,
    dismissTrouble() {
      trouble.value = undefined;
    },
    fail(error) {
      // Whoever lost the store is told by a screen of its own.
      if (STORE_IS_LOST.test(nameOf(error))) return;
      const ofDisk = diskTrouble(error);
      if (ofDisk === undefined) {
        reportError(error);
        raise("bug");
      } else trouble.value = ofDisk;
    },
    telling: (told) => (error) => {
      reportError(error);
      trouble.value = told;
    },
  };
}

function diskTrouble(error: unknown): AppTrouble | undefined {
  const name = nameOf(error);
  if (name === "StoreFullError") return "full";
  return name === "StoreFailedError" ? "disk" : undefined;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
