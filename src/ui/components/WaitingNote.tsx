/** The next step where something waits, and on demand who carries it. */
import { useMemo } from "preact/hooks";
import { createCarriers } from "../../state/carriers.ts";
import type { LaterProps } from "../LazyDialogs.tsx";
import { carriedNote, carriersWords, slowNote, waitingNote, WHO_CARRIES } from "../text/waiting-words.ts";

export function WaitingNote({ app, ports, thread }: LaterProps) {
  const conversation = app.conversation.value;
  const model = useMemo(() => createCarriers(ports.messenger, app.fail), [thread?.id]);
  if (thread === undefined || conversation === undefined) return null;
  const who = thread.kind === "group" ? "somebody in the group" : thread.name;
  const isAway = thread.path.kind === "away";
  const rows = conversation.days.value?.flatMap((day) => day.rows) ?? [];
  const carried = rows.findLast(({ state }) => state?.startsWith("carried by"));
  if (carried === undefined || !(isAway || thread.path.kind === "connecting")) {
    if (conversation.isSlow.value) return <p class="waiting-note">{slowNote(who)}</p>;
    const isWaiting = thread.waiting > 0 && isAway;
    return isWaiting ? <p class="waiting-note">{waitingNote(who, thread.waiting)}</p> : null;
  }
  const names = model.names.value;
  return (
    <div class="waiting-note">
      <p>{carriedNote(who)}</p>
      <button
        type="button"
        class="text-button"
        aria-expanded={names !== undefined}
        onClick={() => model.toggle(thread.id, carried.message)}
      >
        {WHO_CARRIES}
      </button>
      {names !== undefined && <p role="status">{carriersWords(names)}</p>}
    </div>
  );
}
