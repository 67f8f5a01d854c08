/** A button for what cannot be undone: it says what is lost and asks once. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";

export interface ConfirmedButtonProps {
  readonly label: string;
  readonly question: string;
  /** Of the button that does it. */
  readonly confirm: string;
  readonly onConfirm: () => void;
}

export function ConfirmedButton({ label, question, confirm, onConfirm }: ConfirmedButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const wasAsked = useRef(false);
  const opener = useRef<HTMLButtonElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (isAsking) keep.current?.focus();
    else if (wasAsked.current) opener.current?.focus();
    wasAsked.current = isAsking;
  }, [isAsking]);
  if (!isAsking) {
    return (
      <button ref={opener} type="button" class="secondary danger" onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  }
  return (
    <div class="confirm" role="group" aria-label={label}>
      <p role="alert">{question}</p>
      <span class="confirm-actions">
        <button ref={keep} type="button" class="secondary" onClick={() => setAsking(false)}>
          Keep
        </button>
        <button type="button" class="secondary danger" onClick={onConfirm}>
          {confirm}
        </button>
      </span>
    </div>
  );
}
