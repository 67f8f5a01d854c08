/** Which build of Kith runs here, and how to check it. */
import type { AppModel } from "../../state/app.ts";
import type { SettingsModel } from "../../state/settings.ts";
import { FINGERPRINT_UNKNOWN, FINGERPRINT_USE, groupedFingerprint } from "../text/release-words.ts";

export interface ReleaseFactsProps {
  readonly app: AppModel;
  readonly model: SettingsModel;
}

export function ReleaseFacts({ app, model }: ReleaseFactsProps) {
  const fingerprint = model.fingerprint.value;
  return (
    <>
      <div class="fact">
        <span>Version</span>
        <span>{model.version}</span>
      </div>
      <div class="box-text">
        <p>Release fingerprint</p>
        {fingerprint.kind === "known" ? (
          <>
            <code class="fingerprint">{groupedFingerprint(fingerprint.hex)}</code>
            <button type="button" class="secondary" onClick={() => app.copy(fingerprint.hex)}>
              Copy fingerprint
            </button>
            <p>{FINGERPRINT_USE}</p>
          </>
        ) : (
          <p>{fingerprint.kind === "reading" ? "…" : FINGERPRINT_UNKNOWN}</p>
        )}
      </div>
    </>
  );
}
