/** Whose copy of Kith differs from the one here. Loaded with the dialogs; stands above everything. */
import { signal } from "@preact/signals";
import type { ThreadView } from "../../core/views.ts";
import type { AppModel } from "../../state/app.ts";
import { differingCopyWords } from "../text/release-words.ts";

/** For as long as the page lives, like what it is about. */
const hidden = signal<ReadonlySet<string>>(new Set());

export function CopyBanner({ app }: { readonly app: AppModel }) {
  const thread = app.threads.list.value.find(
    (view) => view.differingCopy !== undefined && !hidden.value.has(keyOf(view)),
  );
  if (thread?.differingCopy === undefined) return null;
  return (
    <div class="banner banner-warn banner-first">
      <p role="alert">{differingCopyWords(thread.name, thread.differingCopy.version)}</p>
      <span class="banner-actions">
        <button
          type="button"
          class="text-button"
          onClick={() => {
            app.openThread(thread.id);
            app.openDialog("details");
          }}
        >
          Compare
        </button>
        <button
          type="button"
          class="text-button"
          onClick={() => {
            hidden.value = new Set(hidden.value).add(keyOf(thread));
          }}
        >
          Hide
        </button>
      </span>
    </div>
  );
}

/** Another difference is told again. */
function keyOf({ id, differingCopy }: ThreadView): string {
  return `${id} ${differingCopy?.fingerprint ?? ""}`;
}
