/** Kith runs in one tab at a time. */
import { Logo } from "../components/Logo.tsx";

export function ElsewhereScreen({ onUseHere }: { readonly onUseHere: () => void }) {
  return (
    <main class="centre">
      <div class="card">
        <Logo size="large" />
        <h1>Kith is open in another tab</h1>
        <p>
          It runs in one tab at a time, so that no message is sent twice. Go back to the other tab, or move Kith here.
        </p>
        <button type="button" class="primary" onClick={onUseHere}>
          Use here
        </button>
      </div>
    </main>
  );
}
