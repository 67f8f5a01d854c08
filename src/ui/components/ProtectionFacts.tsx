/** Settings, Security: whether this device is protected, and everything that can be done about it. */
import { useEffect, useId, useMemo } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createProtection, LOCK_AFTER_CHOICES, type ProtectionModel } from "../../state/protection.ts";
import type { Dialog } from "../../state/dialogs.ts";
import { lockAfterWords, LOCK_NOTE, MOVING, PROTECTED, REMOVE_QUESTION, UNPROTECTED } from "../text/vault-words.ts";
import { ConfirmedButton } from "./ConfirmedButton.tsx";

export function ProtectionFacts({ app, ports }: { readonly app: AppModel; readonly ports: AppPorts }) {
  const model = useMemo(() => createProtection(ports, app.fail), []);
  useEffect(() => model.dispose, [model]);
  const vault = model.vault.value;
  const replaceBy = (dialog: Dialog): void => {
    app.closeDialog();
    app.openDialog(dialog);
  };
  /** After unlocking, what lay below Settings comes up. */
  const lock = (): void => {
    app.closeDialog();
    app.navigation.whenSettled(model.lock);
  };
  if (vault === undefined) return null;
  if (!vault.isProtected) {
    return (
      <div class="box">
        <div class="box-text">
          <p>{UNPROTECTED}</p>
          {vault.isMoving && <p role="status">{MOVING}</p>}
          <button type="button" class="secondary" onClick={() => replaceBy("protect")}>
            Protect this device
          </button>
        </div>
      </div>
    );
  }
  return (
    <div class="box">
      <div class="box-text">
        <p>{PROTECTED}</p>
        {vault.isMoving && <p role="status">{MOVING}</p>}
        <button type="button" class="secondary" onClick={lock}>
          Lock now
        </button>
      </div>
      <LockAfter model={model} />
      <div class="box-text">
        <button type="button" class="secondary" onClick={() => replaceBy("passphrase")}>
          Change passphrase
        </button>
        <ConfirmedButton
          label="Remove protection"
          question={REMOVE_QUESTION}
          confirm="Remove it"
          onConfirm={model.remove}
        />
      </div>
    </div>
  );
}

function LockAfter({ model }: { readonly model: ProtectionModel }) {
  const id = useId();
  const chosen = model.lockAfterMinutes.value;
  return (
    <div class="box-field field">
      <label for={id}>Lock when not used</label>
      <select
        id={id}
        disabled={chosen === undefined}
        aria-describedby={`${id}-note`}
        onChange={(event) => model.setLockAfter(Number(event.currentTarget.value))}
      >
        {LOCK_AFTER_CHOICES.map((minutes) => (
          <option key={minutes} value={minutes} selected={minutes === chosen}>
            {lockAfterWords(minutes)}
          </option>
        ))}
      </select>
      <p id={`${id}-note`} class="fine">
        {LOCK_NOTE}
      </p>
    </div>
  );
}
