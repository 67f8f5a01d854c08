/** A labelled switch in a box of settings. */

interface SwitchProps {
  readonly label: string;
  /** Undefined while it is not known. */
  readonly isOn: boolean | undefined;
  readonly onChange: (on: boolean) => void;
}

export function Switch({ label, isOn, onChange }: SwitchProps) {
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
