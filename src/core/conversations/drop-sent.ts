/** What of the outbox is found to have left already, after this profile went back to an old copy. */
import type { ThreadId } from "../codec/ids.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { OutboxRow, TimelineRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { type Pending, readPending } from "./directory.ts";
import type { Shown } from "./reader.ts";

/**
 * An old copy of this profile can still have in its outbox what had left already: when own entries come back from a peer, the
 * messages that became them are taken out, so that they are not sent twice.
 */
export async function dropSent(
  core: CoreContext,
  tx: WriteTransaction,
  thread: ThreadId,
  shown: readonly Shown[],
): Promise<{ readonly removed: readonly string[]; readonly pending: Pending } | undefined> {
  const own = shown.filter(({ row }) => row.author === core.directory.self.account);
  if (own.length === 0) return undefined;
  const removed: string[] = [];
  const waiting = [...(await tx.range("outbox", { prefix: [thread] }))];
  const left = own.map(({ row }) => row);
  const isSame = [
    (row: TimelineRow, value: OutboxRow) => row.text === value.text && row.writtenAt === value.writtenAt,
    // Its text was changed after the copy was made.
    (row: TimelineRow, value: OutboxRow) => row.writtenAt === value.writtenAt,
  ];
  for (const isSameAs of isSame) {
    for (const row of left.splice(0)) {
      const at = waiting.findIndex(({ value }) => isSameAs(row, value));
      const [found] = at < 0 ? [] : waiting.splice(at, 1);
      if (found === undefined) {
        left.push(row);
        continue;
      }
      tx.delete("outbox", found.key);
      removed.push(found.value.id);
    }
  }
  return { removed, pending: await readPending(tx, thread) };
}
