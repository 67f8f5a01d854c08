/** Below the newest message: what is known to exist and is not here, and what waits for its key. */
import { useEffect, useMemo } from "preact/hooks";
import { createMissing } from "../../state/missing.ts";
import type { LaterProps } from "../LazyDialogs.tsx";
import { missingWords } from "../text/missing-words.ts";
import { WaitingNote } from "./WaitingNote.tsx";

export function BelowMessages(props: LaterProps) {
  return (
    <>
      <MissingNote {...props} />
      <WaitingNote {...props} />
    </>
  );
}

function MissingNote({ ports, thread }: LaterProps) {
  const id = thread?.id;
  const model = useMemo(() => (id === undefined ? undefined : createMissing(ports.messenger, id)), [id]);
  useEffect(() => model?.dispose, [model]);
  const lines = missingWords(model?.missing.value ?? []);
  return (
    <div role="status" aria-label="Missing messages">
      {lines.length > 0 && (
        <div class="waiting-note missing-note" dir="auto">
          {lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
    </div>
  );
}
