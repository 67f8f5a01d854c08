/** Which dialog is open: one at a time. Settings has its own address, an opened invite goes before everything else. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { InviteArrival } from "./invite-arrival.ts";
import type { Navigation } from "./navigation.ts";

export type Dialog =
  | "new-conversation"
  | "invite"
  | "create-group"
  | "add-people"
  | "group-invite"
  | "details"
  | "requests"
  | "verify"
  | "protect"
  | "passphrase"
  | "backup"
  | "pair";
export type ShownDialog = Dialog | "settings" | "arrival";

export interface Dialogs {
  readonly shown: ReadonlySignal<ShownDialog | undefined>;
  open(dialog: Dialog): void;
  /** Closes what is shown. */
  close(): void;
  /** Forgets what was opened, whether it is shown or not. */
  reset(): void;
}

export function createDialogs(isReady: () => boolean, arrival: InviteArrival, navigation: Navigation): Dialogs {
  const opened = signal<Dialog | undefined>(undefined);
  return {
    shown: computed(() => {
      if (!isReady()) return undefined;
      if (arrival.inviterName.value !== undefined) return "arrival";
      return navigation.isSettings.value ? "settings" : opened.value;
    }),
    open(dialog) {
      opened.value = dialog;
    },
    close() {
      if (arrival.inviterName.value !== undefined) arrival.dismiss();
      else if (navigation.isSettings.value) navigation.up();
      else opened.value = undefined;
    },
    reset() {
      opened.value = undefined;
    },
  };
}
