/** Something broke that Kith cannot mend by itself: what to do about it. */
import { Logo } from "../components/Logo.tsx";

export interface FailedScreenProps {
  readonly reason: "start" | "store-closed" | "crash";
  readonly onReload: () => void;
}

const WORDS = {
  start: {
    title: "Kith could not start",
    text: "Its storage on this device could not be opened. Close other tabs of Kith and reload. If this stays, restart the browser; in private browsing, use a normal window.",
  },
  "store-closed": {
    title: "Kith was updated",
    text: "Another tab brought a newer Kith. Everything is safe on this device; reload to go on.",
  },
  crash: {
    title: "Something went wrong",
    text: "Kith stopped drawing the screen. Your messages are safe on this device; reload to go on.",
  },
} as const;

export function FailedScreen({ reason, onReload }: FailedScreenProps) {
  const { title, text } = WORDS[reason];
  return (
    <main class="centre">
      <div class="card">
        <Logo size="large" />
        <h1>{title}</h1>
        <p role="alert">{text}</p>
        <button type="button" class="primary" onClick={onReload}>
          Reload
        </button>
      </div>
    </main>
  );
}
