/** A change of the group: a line between its messages. */
import { changeWords, NEWCOMER } from "../text/group-words.ts";
import { formatTime, isoTime } from "../text/time.ts";
import type { LaterProps } from "../LazyDialogs.tsx";

export function ChangeLine({ message }: LaterProps) {
  const change = message?.change;
  if (message === undefined || change === undefined) return null;
  const isNewcomer = change.kind === "added" && change.subject === "";
  return (
    <div class="change-line" data-id={message.id}>
      <p dir="auto">
        {changeWords(change)}
        <time class="visually-hidden" datetime={isoTime(message.orderedAt)}>
          , {formatTime(message.orderedAt)}
        </time>
      </p>
      {isNewcomer && <p>{NEWCOMER}</p>}
    </div>
  );
}
