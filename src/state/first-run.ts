/** The form of the first run: a name, and nothing else. */
import { signal, type ReadonlySignal } from "@preact/signals";
import { MAX_NAME_BYTES } from "../core/views.ts";
import { suggestedName } from "./suggested-name.ts";
import { utf8Bytes } from "./text-size.ts";

export type NameTrouble = "empty" | "too-long" | "full";

export interface FirstRunModel {
  readonly name: ReadonlySignal<string>;
  readonly trouble: ReadonlySignal<NameTrouble | undefined>;
  readonly isStarting: ReadonlySignal<boolean>;
  type(name: string): void;
  start(): void;
}

export function nameTrouble(name: string): NameTrouble | undefined {
  if (name.trim() === "") return "empty";
  return utf8Bytes(name.trim()) > MAX_NAME_BYTES ? "too-long" : undefined;
}

export function createFirstRun(
  begin: (name: string) => Promise<void>,
  onFailure: (error: unknown) => void,
): FirstRunModel {
  const name = signal(suggestedName());
  const trouble = signal<NameTrouble | undefined>(undefined);
  const isStarting = signal(false);
  return {
    name,
    trouble,
    isStarting,
    type(next) {
      name.value = next;
      trouble.value = undefined;
    },
    start() {
      if (isStarting.value) return;
      trouble.value = nameTrouble(name.value);
      if (trouble.value !== undefined) return;
      isStarting.value = true;
      begin(name.value)
        .catch((error: unknown) => {
          trouble.value = "full";
          onFailure(error);
        })
        .finally(() => {
          isStarting.value = false;
        });
    },
  };
}
