/** Speaks what arrives and what an action led to; outcomes of actions are shown for a moment as well. */
import type { Announcer } from "../../state/announcer.ts";
import { announcementWords } from "../text/words.ts";

export function LiveRegion({ announcer }: { readonly announcer: Announcer }) {
  return (
    <div class="live" aria-live="polite">
      {announcer.spoken.value.map(({ key, announcement }) => {
        const isArrival = announcement.kind === "message" || announcement.kind === "messages";
        return (
          <p key={key} class={isArrival ? "visually-hidden" : "toast"} dir="auto">
            {announcementWords(announcement)}
          </p>
        );
      })}
    </div>
  );
}
