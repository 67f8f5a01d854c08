/** The dialogs that protect this device or change its passphrase: what was typed, a passkey that was made, the recovery code at the end. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { AppPorts } from "./app-ports.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { passphraseTrouble, type PassphraseTrouble } from "./passphrases.ts";

export type PasskeyState = "not-offered" | "offered" | "made" | "cancelled" | "unsupported";

export interface ProtectingModel {
  readonly passphrase: ReadonlySignal<string>;
  readonly repeated: ReadonlySignal<string>;
  readonly trouble: ReadonlySignal<PassphraseTrouble | undefined>;
  readonly passkey: ReadonlySignal<PasskeyState>;
  readonly isBusy: ReadonlySignal<boolean>;
  /** To be written down. Shown once. */
  readonly code: ReadonlySignal<string | undefined>;
  typePassphrase(text: string): void;
  typeRepeated(text: string): void;
  makePasskey(): void;
  submit(): void;
}

export interface ProtectingNeeds {
  readonly vault: AppPorts["vault"];
  /** Whether the device is protected for the first time or has a passphrase already. */
  readonly does: "protect" | "change";
  /** The passphrase was changed. */
  readonly onChanged: () => void;
  readonly onFailure: (error: unknown) => void;
}

export function createProtecting({ vault, does, onChanged, onFailure }: ProtectingNeeds): ProtectingModel {
  const passphrase = signal("");
  const repeated = signal("");
  const trouble = signal<PassphraseTrouble | undefined>(undefined);
  const passkey = signal<PasskeyState>("not-offered");
  const isBusy = signal(false);
  const code = signal<string | undefined>(undefined);
  let made: Parameters<typeof vault.protect>[0]["passkey"];

  const lookForPasskeys = async (): Promise<void> => {
    if (await vault.isPasskeyOffered()) passkey.value = "offered";
  };
  const busily = (work: () => Promise<void>): void => {
    if (isBusy.value) return;
    isBusy.value = true;
    fireAndForget(
      work().finally(() => {
        isBusy.value = false;
      }),
      onFailure,
    );
  };
  if (does === "protect") fireAndForget(lookForPasskeys(), onFailure);

  return {
    passphrase,
    repeated,
    trouble,
    passkey,
    isBusy,
    code,
    typePassphrase(text) {
      passphrase.value = text;
      trouble.value = undefined;
    },
    typeRepeated(text) {
      repeated.value = text;
      trouble.value = undefined;
    },
    makePasskey() {
      busily(async () => {
        const answer = await vault.makePasskey();
        passkey.value = answer.kind;
        if (answer.kind === "made") made = answer.passkey;
      });
    },
    submit() {
      trouble.value = passphraseTrouble(passphrase.value, repeated.value);
      if (trouble.value !== undefined) return;
      busily(async () => {
        if (does === "change") {
          await vault.changePassphrase(passphrase.value);
          onChanged();
        } else {
          code.value = await vault.protect({ passphrase: passphrase.value, ...(made && { passkey: made }) });
        }
        passphrase.value = "";
        repeated.value = "";
      });
    },
  };
}
