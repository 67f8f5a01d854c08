/** Whether and how much the system tells of messages. */
import type { SettingsModel } from "../../state/settings.ts";
import { CLOSED_APP, notifyTroubleWords } from "../text/settings-words.ts";
import { Switch } from "./Switch.tsx";

export function NotifySwitches({ model }: { readonly model: SettingsModel }) {
  const { notifies, showsText, trouble } = model.notify;
  return (
    <div class="box">
      <Switch label="Notify me" isOn={notifies.value} onChange={model.setNotifies} />
      {trouble.value !== undefined && (
        <p class="box-text" role="status">
          {notifyTroubleWords(trouble.value)}
        </p>
      )}
      <Switch label="Show message text" isOn={showsText.value} onChange={model.setShowsText} />
      <p class="box-text">{CLOSED_APP}</p>
    </div>
  );
}
