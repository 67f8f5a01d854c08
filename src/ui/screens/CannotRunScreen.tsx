/** Where Kith cannot run: what is missing, and what to do. */
import type { MissingFeature } from "../../state/feature-check.ts";
import { Logo } from "../components/Logo.tsx";
import { missingFeatureWords } from "../text/words.ts";

export function CannotRunScreen({ missing }: { readonly missing: readonly MissingFeature[] }) {
  return (
    <main class="centre">
      <div class="card">
        <Logo size="large" />
        <h1>Kith cannot run here</h1>
        {missing.map((feature) => (
          <p key={feature}>{missingFeatureWords(feature)}</p>
        ))}
      </div>
    </main>
  );
}
