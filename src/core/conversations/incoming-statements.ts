/** Signed statements of others: how far they are and what they have read. */
import { DecodeError } from "../codec/decode-error.ts";
import { MESSAGE_CHANNEL } from "../codec/entry.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import type { ReadRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { decodeSealedRead, openSealedRead, verifySealedRead } from "./sealed-read.ts";
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

/** Takes in a read statement that is signed only, as earlier versions make them, likewise. */
export async function acceptRead(core: CoreContext, conversation: ConversationId, bytes: Uint8Array): Promise<boolean> {
  const statement = decoded(() => decodeRead(bytes));
  if (statement === undefined || statement.conversation !== conversation) return false;
  if (!core.directory.isMemberDevice(conversation, statement.device)) return isGroup(core, conversation);
  if (statement.number <= (core.receipts.readOf(conversation, statement.device)?.number ?? 0)) return true;
  const logKey = core.directory.logKeyOf(statement.device);
  if (logKey === undefined || !verifyRead(core.suite, logKey, bytes)) return false;
  const { number, marks, device } = statement;
  await putRead(core, conversation, device, { number, marks, bytes });
  return true;
}

/** Takes in a sealed read statement, likewise. One that cannot be opened yet is kept for that, and handed on. */
export async function acceptSealedRead(
  core: CoreContext,
  conversation: ConversationId,
  bytes: Uint8Array,
): Promise<boolean> {
  const statement = decoded(() => decodeSealedRead(bytes));
  if (statement === undefined || statement.conversation !== conversation) return false;
  const { device, number } = statement;
  if (!core.directory.isMemberDevice(conversation, device)) return isGroup(core, conversation);
  if (number <= (core.receipts.readOf(conversation, device)?.number ?? 0)) return true;
  const logKey = core.directory.logKeyOf(device);
  if (logKey === undefined || !verifySealedRead(core.suite, logKey, bytes)) return false;
  const opened = await openRead(core, conversation, bytes);
  const held = core.receipts.readOf(conversation, device);
  // Another link may have brought a newer one meanwhile.
  if (number <= (held?.number ?? 0)) return true;
  await putRead(core, conversation, device, {
    number,
    bytes,
    marks: opened.marks ?? held?.marks ?? [],
    seal: opened.seal,
  });
  return true;
}

/** New messages are here: what others read may be sealed with one of them. */
export async function openHeldReads(core: CoreContext, conversation: ConversationId): Promise<void> {
  for (const [device, row] of core.receipts.unopenedReads(conversation)) {
    const { marks, seal } = await openRead(core, conversation, row.bytes);
    if (seal === "unopened" || core.receipts.readOf(conversation, device) !== row) continue;
    await putRead(core, conversation, device, { ...row, marks: marks ?? row.marks, seal });
  }
}

/** No marks, but opened: whoever sealed it broke the rules, and it says nothing. */
async function openRead(
  core: CoreContext,
  conversation: ConversationId,
  bytes: Uint8Array,
): Promise<{ readonly seal: "opened" | "unopened"; readonly marks?: ReadRow["marks"] | undefined }> {
  const { anchor } = decodeSealedRead(bytes);
  const key = [conversation, anchor.device, MESSAGE_CHANNEL, anchor.seq];
  const opening = (await core.store.read(["entries"], (tx) => tx.get("entries", key)))?.opening;
  if (opening === undefined) return { seal: "unopened" };
  return { seal: "opened", marks: openSealedRead(core.suite, bytes, opening) };
}

async function putRead(core: CoreContext, conversation: ConversationId, device: DeviceId, row: ReadRow): Promise<void> {
  core.receipts.putRead(conversation, device, row);
  receiptsChanged(core, conversation);
  await core.store.write(["reads"], "relaxed", async (tx) => tx.put("reads", [conversation, device], row));
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
