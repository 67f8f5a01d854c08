/** What entries say: the one place where bodies are opened. */
import type { Clock } from "../clock.ts";
import { MESSAGE_CHANNEL, MESSAGE_KIND } from "../codec/entry.ts";
import type { Run } from "../log/check.ts";
import type { Entry } from "../log/entry.ts";
import { inSlices } from "../log/slices.ts";
import { BODY_SALT_BYTES, type Content, decodeContent } from "./content.ts";

/** Of a whole batch, before its transaction, because within one there is no pause. */
export async function contentsOf(
  clock: Pick<Clock, "monotonic" | "pause">,
  runs: readonly Run[],
): Promise<ReadonlyMap<Entry, Content>> {
  const contents = new Map<Entry, Content>();
  const entries = runs.flatMap((run) => run.entries);
  await inSlices(clock, entries, (entry) => contents.set(entry, contentOf(entry)));
  return contents;
}

export function contentOf({ header, parts }: Entry): Content {
  const isContent = header.channel === MESSAGE_CHANNEL && header.kind === MESSAGE_KIND.content;
  return isContent
    ? decodeContent(parts.body.subarray(BODY_SALT_BYTES))
    : { kind: "unsupported", writtenAt: undefined };
}
