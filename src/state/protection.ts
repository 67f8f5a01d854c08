/** Whether this device is protected, as the screen shows it, and when it locks. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { VaultView } from "../core/vault/vault.ts";
import type { SettingsView } from "../core/views.ts";
import type { AppPorts } from "./app-ports.ts";
import { fireAndForget } from "./fire-and-forget.ts";

/** The offer to protect comes back after this. */
const OFFER_AGAIN_MS = 24 * 60 * 60_000;

/** Minutes without use; 0: never. */
export const LOCK_AFTER_CHOICES = [5, 15, 60, 0] as const;

export interface ProtectionModel {
  readonly vault: ReadonlySignal<VaultView | undefined>;
  /** Undefined until read. */
  readonly lockAfterMinutes: ReadonlySignal<number | undefined>;
  /** Whether to offer protection now, should there be something to protect. */
  readonly isOffered: ReadonlySignal<boolean>;
  setLockAfter(minutes: number): void;
  putOff(): void;
  /** A new page has nothing of this one's memory. */
  lock(): void;
  remove(): void;
  dispose(): void;
}

export function createProtection(
  { vault, messenger, page }: Pick<AppPorts, "vault" | "messenger" | "page">,
  onFailure: (error: unknown) => void,
): ProtectionModel {
  const view = signal(vault.view());
  const lockAfterMinutes = signal<number | undefined>(undefined);
  const isOffered = signal(false);
  let settings: SettingsView | undefined;

  const look = (): void => {
    view.value = vault.view();
    isOffered.value =
      settings !== undefined &&
      view.value?.isProtected === false &&
      Date.now() - settings.protectionPutOffAt >= OFFER_AGAIN_MS;
  };
  const take = (next: SettingsView): void => {
    settings = next;
    lockAfterMinutes.value = next.lockAfterMinutes;
    look();
  };
  const change = (next: Partial<SettingsView>): void => fireAndForget(messenger.changeSettings(next), onFailure);
  const ends = [
    vault.onChange(look),
    page.onVisible(look),
    messenger.subscribe((event) => {
      if (event.type === "settings") take(event.settings);
    }),
  ];
  fireAndForget(messenger.settings().then(take), onFailure);

  return {
    vault: view,
    lockAfterMinutes,
    isOffered,
    setLockAfter: (minutes) => change({ lockAfterMinutes: minutes }),
    putOff: () => change({ protectionPutOffAt: Date.now() }),
    lock: page.reload,
    remove: () => fireAndForget(vault.removeProtection(), onFailure),
    dispose() {
      for (const end of ends) end();
    },
  };
}
