/** At the first start: this browser goes on as a new device of the account in a backup. */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import { createRestoring } from "../../state/restoring.ts";
import { Dialog } from "../components/Dialog.tsx";
import { SecretField } from "../components/SecretField.tsx";
import { restoreTroubleWords, WHAT_RESTORING_DOES } from "../text/backup-words.ts";

export function RestoreLink({ app }: { readonly app: AppModel }) {
  const isOpen = useSignal(false);
  return (
    <>
      <button type="button" class="text-button" onClick={() => (isOpen.value = true)}>
        Restore a backup
      </button>
      {isOpen.value && <RestoreDialog app={app} onClose={() => (isOpen.value = false)} />}
    </>
  );
}

function RestoreDialog({ app, onClose }: { readonly app: AppModel; readonly onClose: () => void }) {
  const model = useMemo(() => createRestoring(app.enter, app.fail), []);
  const trouble = model.trouble.value;
  const words = trouble === undefined ? undefined : restoreTroubleWords(trouble);
  const isOfPassphrase = trouble === "no-passphrase" || trouble === "wrong-passphrase";
  return (
    <Dialog title="Restore a backup" class="dialog-small" onClose={onClose}>
      <form
        class="protect"
        noValidate
        autocomplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          model.submit();
        }}
      >
        <p class="quiet">{WHAT_RESTORING_DOES}</p>
        <div class="field">
          <label for="restore-file">Backup file</label>
          <input
            id="restore-file"
            type="file"
            aria-invalid={words !== undefined && !isOfPassphrase}
            aria-describedby={words === undefined || isOfPassphrase ? undefined : "restore-file-trouble"}
            onChange={(event) => model.choose(event.currentTarget.files?.[0])}
          />
          {words !== undefined && !isOfPassphrase && (
            <p id="restore-file-trouble" class="field-trouble" role="alert">
              {words}
            </p>
          )}
        </div>
        <SecretField
          id="restore-passphrase"
          label="Backup passphrase"
          value={model.passphrase.value}
          trouble={isOfPassphrase ? words : undefined}
          onType={model.typePassphrase}
        />
        <button type="submit" class="primary" aria-busy={model.isBusy.value}>
          Restore
        </button>
      </form>
    </Dialog>
  );
}
