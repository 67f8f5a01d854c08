/** Changes of a thread's row inside a transaction: what the list shows of it, how much is unread. */
import type { ThreadId } from "../codec/ids.ts";
import type { ReadTransaction, WriteTransaction } from "../store/store.ts";
import type { PreviewRow, ThreadRow } from "../store/tables.ts";

const PREVIEW_CHARACTERS = 200;

export function newThread(id: ThreadId, now: number): ThreadRow {
  return { id, draft: "", readUpTo: "", unread: 0, activeAt: now };
}

export async function readThread(tx: ReadTransaction, id: ThreadId, now: number): Promise<ThreadRow> {
  return (await tx.get("threads", [id])) ?? newThread(id, now);
}

/** The row after messages were added: the newest in the order becomes the preview. */
export function withMessages(
  row: ThreadRow,
  now: number,
  added: readonly PreviewRow[],
  unreadAdded: number,
): ThreadRow {
  const preview = added.reduce<PreviewRow | undefined>(
    (newest, next) => (newest === undefined || next.order >= newest.order ? next : newest),
    row.preview,
  );
  const shortened =
    preview === undefined ? {} : { preview: { ...preview, text: preview.text.slice(0, PREVIEW_CHARACTERS) } };
  return { ...row, ...shortened, activeAt: now, unread: row.unread + unreadAdded };
}

export async function updateThread(
  tx: WriteTransaction,
  id: ThreadId,
  now: number,
  change: (row: ThreadRow) => ThreadRow,
): Promise<ThreadRow> {
  const row = change(await readThread(tx, id, now));
  tx.put("threads", [id], row);
  return row;
}
