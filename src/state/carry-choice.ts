/** For whom this device keeps parcels, and what it keeps now. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { CarriedView, KeptView, Messenger, SettingsView } from "../core/views.ts";

export type CarriesFor = SettingsView["carriesFor"];

export interface CarryChoice {
  /** Undefined until read. */
  readonly carriesFor: ReadonlySignal<CarriesFor | undefined>;
  readonly carried: ReadonlySignal<CarriedView>;
  /** In groups; undefined until read. */
  readonly kept: ReadonlySignal<KeptView | undefined>;
  choose(next: CarriesFor): Promise<void>;
  load(): Promise<void>;
}

export function createCarryChoice(messenger: Messenger): CarryChoice {
  const carriesFor = signal<CarriesFor | undefined>(undefined);
  const carried = signal(messenger.carried());
  const kept = signal<KeptView | undefined>(undefined);
  return {
    carriesFor,
    carried,
    kept,
    async choose(next) {
      await messenger.changeSettings({ carriesFor: next });
      carriesFor.value = next;
      carried.value = messenger.carried();
    },
    async load() {
      carriesFor.value = (await messenger.settings()).carriesFor;
      kept.value = await messenger.holdings.kept();
    },
  };
}
