/** The way around the camera: a code as text. */
import type { ReadonlySignal } from "@preact/signals";

export interface PastedCodeModel {
  readonly pasted: ReadonlySignal<string>;
  type(text: string): void;
  submitPasted(): void;
}

export interface PastedCodeProps {
  readonly model: PastedCodeModel;
  readonly label: string;
  readonly action: string;
}

export function PastedCode({ model, label, action }: PastedCodeProps) {
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        model.submitPasted();
      }}
    >
      <label for="paste-code">{label}</label>
      <div class="field-line">
        <input
          id="paste-code"
          type="text"
          dir="ltr"
          autoComplete="off"
          autoCapitalize="none"
          spellcheck={false}
          value={model.pasted.value}
          onInput={(event) => model.type(event.currentTarget.value)}
        />
        <button type="submit" class="secondary">
          {action}
        </button>
      </div>
    </form>
  );
}
