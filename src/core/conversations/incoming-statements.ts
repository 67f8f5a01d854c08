/** Signed statements of others: how far they are and what they have read. */
import { MESSAGE_CHANNEL } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import type { GroupLogs } from "../log/group-logs.ts";
import type { LogMark, ReadRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { decodeSealedRead, openSealedRead, verifySealedRead } from "./sealed-read.ts";
import { decodeClock, decodeRead, type ReadMark, verifyClock, verifyRead } from "./statements.ts";

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
  const { number, device } = statement;
  const marks = isGroup(core, conversation)
    ? await credibleMarks(core, conversation, statement.marks)
    : statement.marks;
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

async function putRead(
  core: CoreContext,
  conversation: ConversationId,
  device: DeviceId,
  said: ReadRow,
): Promise<void> {
  const row = isGroup(core, conversation)
    ? { ...said, marks: await credibleReads(core, conversation, said.marks) }
    : said;
  core.receipts.putRead(conversation, device, row);
  receiptsChanged(core, conversation);
  await core.store.write(["reads"], "relaxed", async (tx) => tx.put("reads", [conversation, device], row));
}

/** How far own messages of a conversation came looks different now. */
export function receiptsChanged(core: CoreContext, conversation: ConversationId): void {
  const thread = core.directory.conversations.get(conversation)?.thread;
  if (thread === undefined) return;
  core.receiptsChanged(thread);
  core.threadChanged(thread);
}

/**
 * What is said of own messages that do not exist counts for nothing: else those that will stand there would be taken for delivered before
 * anybody has them.
 */
async function credibleMarks(
  { directory, store }: CoreContext,
  conversation: ConversationId,
  marks: readonly LogMark[],
): Promise<readonly LogMark[]> {
  const own = marks.filter(({ device, height }) => height > 0 && directory.isOwnDevice(device));
  const held = await store.read(["entries"], (tx) =>
    Promise.all(own.map(({ device, channel, height }) => tx.get("entries", [conversation, device, channel, height]))),
  );
  const untrue = new Set(own.filter(({ headPrefix }, index) => held[index]?.id.startsWith(headPrefix) !== true));
  return untrue.size === 0 ? marks : marks.filter((mark) => !untrue.has(mark));
}

async function credibleReads(
  { directory, store }: CoreContext,
  conversation: ConversationId,
  marks: readonly ReadMark[],
): Promise<readonly ReadMark[]> {
  const isHeld = await store.read(["logs"], (tx) =>
    Promise.all(
      marks.map(async ({ device, seq }) => {
        if (!directory.isOwnDevice(device)) return true;
        const log = await tx.get("logs", [conversation, device, MESSAGE_CHANNEL]);
        return seq <= (log?.height ?? 0);
      }),
    ),
  );
  return marks.filter((_, index) => isHeld[index] === true);
}

/** Where a member may not be known here yet, what they state is passed over: it comes again. */
/** Undefined between two. */
export function groupLogsOf({ directory }: CoreContext, conversation: ConversationId): GroupLogs | undefined {
  if (directory.conversations.get(conversation)?.kind !== "group") return undefined;
  return {
    isOutside(device) {
      const account = directory.accountOfDevice(device);
      const members = directory.conversations.get(conversation)?.members;
      return account !== undefined && members?.includes(account) === false;
    },
  };
}

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
