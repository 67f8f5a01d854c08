/** In Details: a contact runs another copy of this version, and what to do about it. */
import type { Release } from "../../core/views.ts";
import type { AppModel } from "../../state/app.ts";
import { COPY_ADVICE, groupedFingerprint } from "../text/release-words.ts";

export interface DifferingCopyProps {
  readonly app: AppModel;
  readonly copy: Release;
}

export function DifferingCopy({ app, copy }: DifferingCopyProps) {
  return (
    <section class="box" aria-labelledby="their-copy">
      <h3 class="box-title" id="their-copy">
        Their copy of Kith {copy.version} differs from yours
      </h3>
      <div class="box-text">
        <p>Release fingerprint of theirs</p>
        <code class="fingerprint">{groupedFingerprint(copy.fingerprint)}</code>
        <p>{COPY_ADVICE}</p>
        <button type="button" class="secondary" onClick={app.navigation.openSettings}>
          See yours in Settings
        </button>
      </div>
    </section>
  );
}
