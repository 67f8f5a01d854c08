/** Light, dark or as the system says. Kept in this browser only. */
import { signal, type ReadonlySignal } from "@preact/signals";

export const APPEARANCES = ["system", "light", "dark"] as const;
export type Appearance = (typeof APPEARANCES)[number];

const STORAGE_KEY = "kith-appearance";

export interface AppearanceModel {
  readonly chosen: ReadonlySignal<Appearance>;
  choose(appearance: Appearance): void;
}

export function createAppearance(document: Document, storage: () => Storage): AppearanceModel {
  const chosen = signal<Appearance>(readChoice(storage));
  const apply = (appearance: Appearance): void => {
    if (appearance === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = appearance;
  };
  apply(chosen.value);
  return {
    chosen,
    choose(appearance) {
      chosen.value = appearance;
      apply(appearance);
      try {
        storage().setItem(STORAGE_KEY, appearance);
      } catch {
        // Without this storage the choice lasts until the page closes.
      }
    },
  };
}

function readChoice(storage: () => Storage): Appearance {
  try {
    const kept = storage().getItem(STORAGE_KEY);
    return APPEARANCES.find((appearance) => appearance === kept) ?? "system";
  } catch {
    return "system";
  }
}
