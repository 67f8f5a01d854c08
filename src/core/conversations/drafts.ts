/** What stands in the composer of a thread, kept until it is sent. */
import type { ThreadId } from "../codec/ids.ts";
import type { CoreContext } from "./core-context.ts";
import { updateThread } from "./thread-rows.ts";

export async function saveDraft(core: CoreContext, thread: ThreadId, text: string): Promise<void> {
  const { directory, clock, store } = core;
  if (!directory.threads.has(thread)) return;
  const row = await store.write(["threads"], "relaxed", (tx) =>
    updateThread(tx, thread, clock.now(), (held) => ({ ...held, draft: text })),
  );
  directory.threads.set(thread, row);
  core.threadChanged(thread);
}
