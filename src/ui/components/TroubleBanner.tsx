/** Tells what went wrong for the whole app, and what to do. */
import type { AppModel } from "../../state/app.ts";
import { badInviteWords } from "../text/invite-words.ts";
import { appTroubleWords } from "../text/words.ts";

export function TroubleBanner({ app }: { readonly app: AppModel }) {
  const trouble = app.trouble.value;
  const bad = app.phase.value.kind === "ready" ? app.arrival.bad.value : undefined;
  return (
    <>
      {trouble !== undefined && (
        <div class="banner banner-danger">
          <p role="alert">{appTroubleWords(trouble)}</p>
          <span class="banner-actions">
            <button type="button" class="text-button" onClick={app.reload}>
              Reload
            </button>
            <button type="button" class="text-button" onClick={app.dismissTrouble}>
              Hide
            </button>
          </span>
        </div>
      )}
      {bad !== undefined && (
        <div class="banner banner-warn">
          <p role="alert">{badInviteWords(bad)}</p>
          <button type="button" class="text-button" onClick={app.arrival.dismiss}>
            Hide
          </button>
        </div>
      )}
    </>
  );
}
