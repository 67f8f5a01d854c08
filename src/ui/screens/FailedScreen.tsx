/** Something broke that Kith cannot mend by itself: what to do about it. */
import type { FailReason } from "../../state/session.ts";
import { Logo } from "../components/Logo.tsx";

export interface FailedScreenProps {
  readonly reason: FailReason | "crash";
  /** A text that a reload loses. */
  readonly unsent?: string | undefined;
  readonly onReload: () => void;
}

const WORDS = {
  start: {
    title: "Kith could not start",
    text: "Its storage on this device could not be opened. Close other tabs of Kith and reload. If this stays, restart the browser; in private browsing, use a normal window.",
  },
  "store-closed": {
    title: "The browser closed Kith’s storage",
    text: "Perhaps this device is full. Everything sent is safe; free some space, then reload.",
  },
  updated: {
    title: "Kith was updated",
    text: "Another tab brought a newer Kith. Everything is safe; reload to get it.",
  },
  newer: {
    title: "This page is older than its data",
    text: "A newer Kith wrote what is stored here. Everything is safe; reload to get it.",
  },
  blocked: {
    title: "Another tab holds an older Kith open",
    text: "Everything is safe. Close all other tabs of Kith, then reload.",
  },
  full: {
    title: "This device is full",
    text: "Kith cannot start without a little space. Everything is safe; free some, then reload.",
  },
  crash: {
    title: "Something went wrong",
    text: "Kith stopped drawing the screen. Your messages are safe on this device; reload to go on.",
  },
} as const;

export function FailedScreen({ reason, unsent = "", onReload }: FailedScreenProps) {
  const { title, text } = WORDS[reason];
  return (
    <main class="centre">
      <div class="card">
        <Logo size="large" />
        <h1>{title}</h1>
        <p role="alert">{text}</p>
        {unsent !== "" && (
          <div class="field">
            <label for="unsent">Perhaps not sent: copy it, then reload</label>
            <textarea id="unsent" readOnly rows={3} dir="auto" autoComplete="off" value={unsent} />
          </div>
        )}
        <button type="button" class="primary" onClick={onReload}>
          Reload
        </button>
      </div>
    </main>
  );
}
