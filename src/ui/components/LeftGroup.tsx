/** In the place of the composer, in a group that this account is not in any more, or not yet. */
import type { LaterProps } from "../LazyDialogs.tsx";
import { JOINING, LEFT } from "../text/group-words.ts";

export function LeftGroup({ thread }: LaterProps) {
  if (thread?.kind !== "group" || thread.group.ownRole !== undefined) return null;
  return (
    <p class="left-group" role="status">
      {thread.group.isJoining ? JOINING : LEFT}
    </p>
  );
}
