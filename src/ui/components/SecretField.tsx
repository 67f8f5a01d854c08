/**
 * A field for a passphrase or a code. It is no password field: browsers and their helpers would offer to save what is typed there, and one
 * who has this device must not find it saved.
 */
export interface SecretFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly trouble?: string | undefined;
  readonly note?: string;
  /** Codes are copied from paper: seeing them helps. */
  readonly isShown?: boolean;
  readonly onType: (text: string) => void;
}

export function SecretField({ id, label, value, trouble, note, isShown = false, onType }: SecretFieldProps) {
  const described = [trouble !== undefined && `${id}-trouble`, note !== undefined && `${id}-note`].filter(Boolean);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class={isShown ? "code" : "secret"}
        type="text"
        dir="auto"
        autoComplete="off"
        autoCapitalize="none"
        autoCorrect="off"
        spellcheck={false}
        value={value}
        aria-invalid={trouble !== undefined}
        aria-describedby={described.join(" ") || undefined}
        onInput={(event) => onType(event.currentTarget.value)}
      />
      {trouble !== undefined && (
        <p id={`${id}-trouble`} class="field-trouble" role="alert">
          {trouble}
        </p>
      )}
      {note !== undefined && (
        <p id={`${id}-note`} class="fine">
          {note}
        </p>
      )}
    </div>
  );
}
