/** Writes a backup: what is in it, a passphrase, then the file. */
import { useEffect, useMemo } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { createBackingUp } from "../../state/backing-up.ts";
import { Dialog } from "../components/Dialog.tsx";
import { SecretField } from "../components/SecretField.tsx";
import { BACKUP_PASSPHRASE_NOTE, BACKUP_READY, WHAT_IS_IN_IT, WHAT_IS_NOT_IN_IT } from "../text/backup-words.ts";
import { passphraseTroubleWords } from "../text/vault-words.ts";

export function BackupDialog({ app, ports }: { readonly app: AppModel; readonly ports: AppPorts }) {
  const model = useMemo(() => createBackingUp(ports.messenger.backups, app.fail), []);
  useEffect(() => model.dispose, [model]);
  const trouble = model.trouble.value;
  const file = model.file.value;
  return (
    <Dialog title="Export backup" class="dialog-small" onClose={app.closeDialog}>
      {file === undefined ? (
        <form
          class="protect"
          noValidate
          autocomplete="off"
          onSubmit={(event) => {
            event.preventDefault();
            model.submit();
          }}
        >
          <p class="quiet">{WHAT_IS_IN_IT}</p>
          <p class="quiet">{WHAT_IS_NOT_IN_IT}</p>
          <SecretField
            id="backup-passphrase"
            label="Backup passphrase"
            value={model.passphrase.value}
            trouble={trouble === "too-short" ? passphraseTroubleWords(trouble) : undefined}
            note={BACKUP_PASSPHRASE_NOTE}
            onType={model.typePassphrase}
          />
          <SecretField
            id="backup-repeated"
            label="Repeat passphrase"
            value={model.repeated.value}
            trouble={trouble === "different" ? passphraseTroubleWords(trouble) : undefined}
            onType={model.typeRepeated}
          />
          <button type="submit" class="primary" aria-busy={model.isBusy.value}>
            Make backup
          </button>
        </form>
      ) : (
        <>
          <p role="status">{BACKUP_READY}</p>
          <a class="primary" href={file.url} download={file.name}>
            Save the file
          </a>
        </>
      )}
    </Dialog>
  );
}
