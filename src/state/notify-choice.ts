/** The switches for notifications. The browser is asked when the first is switched on, never before. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { SettingsView } from "../core/views.ts";
import type { AppPorts } from "./app-ports.ts";

/** `not-answered`: the person closed the browser's question. */
export type NotifyTrouble = "denied" | "unsupported" | "not-answered";

export interface NotifyChoice {
  /** Undefined until read. On only while the browser allows it. */
  readonly notifies: ReadonlySignal<boolean | undefined>;
  readonly showsText: ReadonlySignal<boolean | undefined>;
  readonly trouble: ReadonlySignal<NotifyTrouble | undefined>;
  setNotifies(on: boolean): Promise<void>;
  setShowsText(on: boolean): Promise<void>;
  load(): Promise<void>;
}

export function createNotifyChoice({ messenger, notifier }: Pick<AppPorts, "messenger" | "notifier">): NotifyChoice {
  const settings = signal<SettingsView | undefined>(undefined);
  const permission = signal(notifier.permission());
  const wasAsked = signal(false);
  const change = async (next: Partial<SettingsView>): Promise<void> => {
    await messenger.changeSettings(next);
    settings.value = await messenger.settings();
  };
  return {
    notifies: computed(() =>
      settings.value === undefined ? undefined : settings.value.notifies && permission.value === "granted",
    ),
    showsText: computed(() => settings.value?.showsText),
    trouble: computed(() => {
      if (permission.value === "unsupported") return "unsupported";
      if (permission.value === "denied") return "denied";
      return wasAsked.value && permission.value === "default" ? "not-answered" : undefined;
    }),
    async setNotifies(on) {
      if (on) {
        permission.value = await notifier.ask();
        wasAsked.value = true;
        if (permission.value !== "granted") return;
      }
      await change({ notifies: on });
    },
    setShowsText: (on) => change({ showsText: on }),
    async load() {
      settings.value = await messenger.settings();
    },
  };
}
