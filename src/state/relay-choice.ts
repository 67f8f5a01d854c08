/** For whom this device relays, what that may cost a day, and what it came to today. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { HelpsNow, Messenger, RelayingView, SettingsView } from "../core/views.ts";

export const MAX_LIMIT_MB = 100_000;

export interface RelayChoice {
  /** Undefined until read. */
  readonly relaying: ReadonlySignal<RelayingView | undefined>;
  readonly limitMb: ReadonlySignal<number | undefined>;
  /** Whether the person is to be told now that this device helps: it did so for the first time. */
  readonly isNew: ReadonlySignal<boolean>;
  /** Whether members of common groups may be asked for help. Undefined until read. */
  readonly asksMembers: ReadonlySignal<boolean | undefined>;
  choose(next: HelpsNow): Promise<void>;
  setAsksMembers(on: boolean): Promise<void>;
  /** Whole megabytes; what is no such number is not taken. */
  limit(megabytes: number): Promise<void>;
  noted(): Promise<void>;
  load(): Promise<void>;
  dispose(): void;
}

export function createRelayChoice(messenger: Messenger): RelayChoice {
  const relaying = signal(messenger.network().relaying);
  const settings = signal<SettingsView | undefined>(undefined);
  const unsubscribe = messenger.subscribe((event) => {
    if (event.type === "network") relaying.value = event.network.relaying;
    else if (event.type === "settings") settings.value = event.settings;
  });
  return {
    relaying,
    limitMb: computed(() => settings.value?.relayLimitMb),
    isNew: computed(() => settings.value?.relayingNotedAt === 0 && (relaying.value?.conversations ?? 0) > 0),
    asksMembers: computed(() => settings.value?.asksMembers),
    setAsksMembers: (on) => messenger.changeSettings({ asksMembers: on }),
    choose: (next) => messenger.changeSettings({ relaysFor: next, relayingNotedAt: Date.now() }),
    async limit(megabytes) {
      if (!Number.isInteger(megabytes) || megabytes < 1 || megabytes > MAX_LIMIT_MB) return;
      await messenger.changeSettings({ relayLimitMb: megabytes });
    },
    noted: () => messenger.changeSettings({ relayingNotedAt: Date.now() }),
    async load() {
      settings.value = await messenger.settings();
    },
    dispose: unsubscribe,
  };
}
