/** Whether and how much the system tells of messages. */
import type { SettingsModel } from "../../state/settings.ts";
import { CLOSED_APP, notifyTroubleWords } from "../text/settings-words.ts";

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

interface SwitchProps {
  readonly label: string;
  /** Undefined while it is not known. */
  readonly isOn: boolean | undefined;
  readonly onChange: (on: boolean) => void;
}

function Switch({ label, isOn, onChange }: SwitchProps) {
  return (
    <label class="fact">
      <span>{label}</span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={isOn === true}
        class="switch"
        disabled={isOn === undefined}
        checked={isOn === true}
        onChange={(event) => {
          const on = event.currentTarget.checked;
          // What is shown is what is stored.
          event.currentTarget.checked = isOn === true;
          onChange(on);
        }}
      />
    </label>
  );
}
