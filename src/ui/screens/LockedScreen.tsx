/** The locked vault: nothing of what is stored is on the screen or in memory. */
import { useEffect, useRef } from "preact/hooks";
import type { UnlockingModel } from "../../state/unlocking.ts";
import { ConfirmedButton } from "../components/ConfirmedButton.tsx";
import { Logo } from "../components/Logo.tsx";
import { SecretField } from "../components/SecretField.tsx";
import { LOCKED_NOTE, LOST_KEYS, unlockTroubleWords } from "../text/vault-words.ts";

export interface LockedScreenProps {
  readonly model: UnlockingModel;
  readonly onErase: () => void;
}

export function LockedScreen({ model, onErase }: LockedScreenProps) {
  const form = useRef<HTMLFormElement>(null);
  const by = model.by.value;
  const trouble = model.trouble.value;
  const words = trouble && unlockTroubleWords(trouble);
  useEffect(() => form.current?.querySelector("input")?.focus(), [by]);
  return (
    <main class="centre">
      <form
        ref={form}
        class="card"
        noValidate
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          model.submit();
        }}
      >
        <Logo size="large" />
        <h1>Kith is locked</h1>
        <p>{LOCKED_NOTE}</p>
        <SecretField
          key={by}
          id="unlock-secret"
          label={by === "recovery" ? "Recovery code" : "Passphrase"}
          value={model.text.value}
          trouble={words}
          isShown={by === "recovery"}
          onType={model.type}
        />
        <button type="submit" class="primary" aria-busy={model.isBusy.value}>
          Unlock
        </button>
        {model.hasPasskey && (
          <button type="button" class="secondary" onClick={model.usePasskey}>
            Use a passkey
          </button>
        )}
        {by === "recovery" ? (
          <button type="button" class="secondary" onClick={() => model.offer("passphrase")}>
            Use the passphrase
          </button>
        ) : (
          <button type="button" class="secondary" onClick={() => model.offer("recovery")}>
            Use the recovery code
          </button>
        )}
        <details class="fine">
          <summary>None of them is left</summary>
          <ConfirmedButton
            label="Erase this device"
            question={LOST_KEYS}
            confirm="Erase everything"
            onConfirm={onErase}
          />
        </details>
      </form>
    </main>
  );
}
