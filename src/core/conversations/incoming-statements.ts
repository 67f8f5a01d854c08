/** Signed statements of others: how far they are and what they have read. */
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId } from "../codec/ids.ts";
import type { CoreContext } from "./core-context.ts";
import { decodeClock, decodeRead, verifyClock, verifyRead } from "./statements.ts";

/** Takes in a signed clock. One that is not new here, or of somebody who is not known here yet, is ignored. */
export async function acceptClock(
  core: CoreContext,
  conversation: ConversationId,
  bytes: Uint8Array,
): Promise<"new" | "ignored" | "invalid"> {
  const statement = decoded(() => decodeClock(bytes));
  if (statement === undefined || statement.conversation !== conversation) return "invalid";
  if (!core.directory.isMemberDevice(conversation, statement.device))
    return isGroup(core, conversation) ? "ignored" : "invalid";
  if (statement.number <= (core.receipts.clockOf(conversation, statement.device)?.number ?? 0)) return "ignored";
  const logKey = core.directory.logKeyOf(statement.device);
  if (logKey === undefined || !verifyClock(core.suite, logKey, bytes)) return "invalid";
  const { number, marks, device } = statement;
  const row = { number, marks, bytes };
  // The statement is signed and is sent again at every meeting: it may be shown before it is on disk.
  core.receipts.putClock(conversation, device, row);
  receiptsChanged(core, conversation);
  await core.store.write(["clocks"], "relaxed", async (tx) => tx.put("clocks", [conversation, device], row));
  return "new";
}

/** Takes in a signed read statement, likewise. False when it is not valid. */
export async function acceptRead(core: CoreContext, conversation: ConversationId, bytes: Uint8Array): Promise<boolean> {
  const statement = decoded(() => decodeRead(bytes));
  if (statement === undefined || statement.conversation !== conversation) return false;
  if (!core.directory.isMemberDevice(conversation, statement.device)) return isGroup(core, conversation);
  if (statement.number <= (core.receipts.readOf(conversation, statement.device)?.number ?? 0)) return true;
  const logKey = core.directory.logKeyOf(statement.device);
  if (logKey === undefined || !verifyRead(core.suite, logKey, bytes)) return false;
  const { number, marks, device } = statement;
  const row = { number, marks, bytes };
  core.receipts.putRead(conversation, device, row);
  receiptsChanged(core, conversation);
  await core.store.write(["reads"], "relaxed", async (tx) => tx.put("reads", [conversation, device], row));
  return true;
}

/** How far own messages of a conversation came looks different now. */
export function receiptsChanged(core: CoreContext, conversation: ConversationId): void {
  const thread = core.directory.conversations.get(conversation)?.thread;
  if (thread === undefined) return;
  core.emit({ type: "receipts", thread, receipts: core.receipts.viewOf(thread) });
  core.threadChanged(thread);
}

/** Where a member may not be known here yet, what they state is passed over: it comes again. */
function isGroup({ directory }: CoreContext, conversation: ConversationId): boolean {
  return directory.conversations.get(conversation)?.kind === "group";
}

function decoded<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
