/** The locked screen: what a person offers to open the vault, and what came of it. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { LockedVault, UnlockResult } from "../core/vault/vault.ts";

type By = "passphrase" | "recovery";

export type UnlockTrouble = Exclude<UnlockResult, "unlocked"> | "empty" | "failed";

export interface UnlockingModel {
  readonly by: ReadonlySignal<By>;
  readonly text: ReadonlySignal<string>;
  readonly isBusy: ReadonlySignal<boolean>;
  readonly trouble: ReadonlySignal<{ readonly by: By | "passkey"; readonly kind: UnlockTrouble } | undefined>;
  readonly hasPasskey: boolean;
  /** Resolves when the vault is open. */
  readonly unlocked: Promise<void>;
  type(text: string): void;
  offer(by: By): void;
  submit(): void;
  usePasskey(): void;
}

export function createUnlocking(locked: LockedVault, onFailure: (error: unknown) => void): UnlockingModel {
  const by = signal<By>("passphrase");
  const text = signal("");
  const isBusy = signal(false);
  const trouble = signal<{ readonly by: By | "passkey"; readonly kind: UnlockTrouble } | undefined>(undefined);
  let open = (): void => undefined;
  const unlocked = new Promise<void>((resolve) => {
    open = resolve;
  });

  const attempt = async (secret: Parameters<LockedVault["unlock"]>[0]): Promise<void> => {
    if (isBusy.value) return;
    isBusy.value = true;
    trouble.value = undefined;
    try {
      const result = await locked.unlock(secret);
      if (result === "unlocked") {
        text.value = "";
        open();
      } else trouble.value = { by: secret.kind, kind: result };
    } catch (error) {
      trouble.value = { by: secret.kind, kind: "failed" };
      onFailure(error);
    } finally {
      isBusy.value = false;
    }
  };

  return {
    by,
    text,
    isBusy,
    trouble,
    hasPasskey: locked.hasPasskey,
    unlocked,
    type(next) {
      text.value = next;
      trouble.value = undefined;
    },
    offer(next) {
      by.value = next;
      text.value = "";
      trouble.value = undefined;
    },
    submit() {
      if (text.value === "") trouble.value = { by: by.value, kind: "empty" };
      else void attempt({ kind: by.value, text: text.value });
    },
    usePasskey: () => void attempt({ kind: "passkey" }),
  };
}
