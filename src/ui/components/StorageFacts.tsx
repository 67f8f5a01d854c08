/** What is stored here, whether it stays, and how to leave nothing behind. */
import type { AppModel } from "../../state/app.ts";
import type { AppPorts } from "../../state/app-ports.ts";
import { fireAndForget } from "../../state/fire-and-forget.ts";
import type { SettingsModel } from "../../state/settings.ts";
import { WHY_BACKUP } from "../text/backup-words.ts";
import { ERASE_QUESTION, forOthersWords, keptWords, NOT_PROMISED } from "../text/settings-words.ts";
import { formatBytes } from "../text/size.ts";
import { ConfirmedButton } from "./ConfirmedButton.tsx";

export interface StorageFactsProps {
  readonly app: AppModel;
  readonly ports: AppPorts;
  readonly model: SettingsModel;
}

export function StorageFacts({ app, ports, model }: StorageFactsProps) {
  const storage = model.storage.value;
  const used = storage?.usedBytes;
  const kept = model.carry.kept.value;
  const forOthers = kept === undefined ? undefined : forOthersWords(model.carry.carried.value, kept);
  return (
    <div class="box">
      <div class="fact">
        <span>Storage used</span>
        <span>{storage === undefined ? "…" : used === undefined ? "Not told by this browser" : formatBytes(used)}</span>
      </div>
      <div class="fact">
        <span>Of that, for others</span>
        <span>{forOthers?.amount ?? "…"}</span>
      </div>
      {forOthers !== undefined && <p class="box-text">{forOthers.meaning}</p>}
      {storage !== undefined && (
        <div class="box-text">
          <p>{keptWords(storage.isPersisted)}</p>
          {!storage.isPersisted && (
            <button type="button" class="secondary" onClick={model.askToPersist}>
              Ask the browser to keep it
            </button>
          )}
          {!storage.isPersisted && model.isRefused.value && <p role="alert">{NOT_PROMISED}</p>}
        </div>
      )}
      <div class="box-text">
        <p>{WHY_BACKUP}</p>
        <button
          type="button"
          class="secondary"
          onClick={() => {
            app.closeDialog();
            app.openDialog("backup");
          }}
        >
          Export backup
        </button>
      </div>
      <div class="box-text">
        <ConfirmedButton
          label="Erase this device"
          question={ERASE_QUESTION}
          confirm="Erase everything"
          onConfirm={() => fireAndForget(app.erasing.erase(ports), app.fail)}
        />
      </div>
    </div>
  );
}
