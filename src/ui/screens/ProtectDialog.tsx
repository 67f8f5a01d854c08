/** Protects this device, or changes its passphrase; then shows the recovery code, once. */
import { useMemo } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createProtecting, type ProtectingModel } from "../../state/protecting.ts";
import { Dialog } from "../components/Dialog.tsx";
import { SecretField } from "../components/SecretField.tsx";
import {
  CODE_NOTE,
  PASSPHRASE_NOTE,
  passkeyWords,
  passphraseTroubleWords,
  WHAT_PROTECTING_DOES,
} from "../text/vault-words.ts";

export interface ProtectDialogProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
  readonly does: "protect" | "change";
}

export function ProtectDialog({ app, ports, does }: ProtectDialogProps) {
  const model = useMemo(
    () => createProtecting({ vault: ports.vault, does, onChanged: app.closeDialog, onFailure: app.fail }),
    [],
  );
  const code = model.code.value;
  const title = does === "protect" ? "Protect this device" : "Change passphrase";
  return (
    <Dialog title={title} class="dialog-small" onClose={app.closeDialog}>
      {code === undefined ? (
        <Passphrases model={model} does={does} />
      ) : (
        <RecoveryCode code={code} onDone={app.closeDialog} />
      )}
    </Dialog>
  );
}

function Passphrases({ model, does }: { readonly model: ProtectingModel; readonly does: "protect" | "change" }) {
  const trouble = model.trouble.value;
  const passkey = model.passkey.value;
  return (
    <form
      class="protect"
      noValidate
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        model.submit();
      }}
    >
      {does === "protect" && <p class="quiet">{WHAT_PROTECTING_DOES}</p>}
      <SecretField
        id="protect-passphrase"
        label="Passphrase"
        value={model.passphrase.value}
        trouble={trouble === "too-short" ? passphraseTroubleWords(trouble) : undefined}
        note={PASSPHRASE_NOTE}
        onType={model.typePassphrase}
      />
      <SecretField
        id="protect-repeated"
        label="Repeat passphrase"
        value={model.repeated.value}
        trouble={trouble === "different" ? passphraseTroubleWords(trouble) : undefined}
        onType={model.typeRepeated}
      />
      {passkey !== "not-offered" && <p role="status">{passkeyWords(passkey)}</p>}
      {(passkey === "offered" || passkey === "cancelled") && (
        <button type="button" class="secondary" onClick={model.makePasskey}>
          Use a passkey
        </button>
      )}
      <button type="submit" class="primary" aria-busy={model.isBusy.value}>
        {does === "protect" ? "Protect" : "Change"}
      </button>
    </form>
  );
}

function RecoveryCode({ code, onDone }: { readonly code: string; readonly onDone: () => void }) {
  return (
    <>
      <p role="alert">{CODE_NOTE}</p>
      <p class="recovery-code" aria-label="Recovery code" role="group">
        <code>{code}</code>
      </p>
      <button type="button" class="primary" onClick={onDone}>
        I have written it down
      </button>
    </>
  );
}
