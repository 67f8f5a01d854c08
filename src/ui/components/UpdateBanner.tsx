/** Another build waits for a yes. */
import type { AppModel } from "../../state/app.ts";
import { UPDATE_READY } from "../text/words.ts";

export function UpdateBanner({ app }: { readonly app: AppModel }) {
  // The tab in use asks: its text is what a reload interrupts.
  if (!app.updates.isReady.value || app.phase.value.kind === "elsewhere") return null;
  return (
    <div class="banner banner-note" role="status" aria-label="Update">
      <p>{UPDATE_READY}</p>
      <button type="button" class="text-button" onClick={app.updates.apply}>
        Reload to update
      </button>
    </div>
  );
}
