/**
 * Operations that others rest on and that are in no log here (PROTOCOL, Forks): each is signed by itself, so anybody can bring it. What
 * rests on one that is missing has no effect, so whoever signs two histories could void what honest admins do on top of one of them.
 */
import { CONTROL_CHANNEL, CONTROL_KIND, decodeHeader } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, DeviceId, EntryId } from "../codec/ids.ts";
import { type EntryParts, readEntry, verifyEntry } from "../log/entry.ts";
import { readLogs } from "../log/log-state.ts";
import { MAX_WANTED_OPERATIONS } from "../sync/operation-frames.ts";
import type { CoreContext } from "./core-context.ts";
import { GroupIntake, INTAKE_TABLES } from "./group-intake.ts";

/** Of those asked for at once, named by operations of one device: whoever names what does not exist keeps nobody from asking for what does. */
const MAX_WANTED_OF_DEVICE = 8;
/** Of a log with two histories: so many of the newest are told at once, the others when they are asked for. */
const MAX_TOLD = 64;

/** Parents of known operations that are not known. */
export function missingOperations({ memberships }: CoreContext, conversation: ConversationId): readonly EntryId[] {
  const state = memberships.of(conversation);
  if (state === undefined) return [];
  const missing = new Set<EntryId>();
  const countByDevice = new Map<DeviceId, number>();
  for (const { device, parents } of state.operations.values()) {
    for (const parent of parents) {
      if (parent === state.genesis.id || state.operations.has(parent) || missing.has(parent)) continue;
      const count = (countByDevice.get(device) ?? 0) + 1;
      if (count > MAX_WANTED_OF_DEVICE || missing.size === MAX_WANTED_OPERATIONS) break;
      countByDevice.set(device, count);
      missing.add(parent);
    }
  }
  return [...missing];
}

/** Whether it is a member's operation that was not known. @throws DecodeError for what no member signed. */
export async function takeOperation(
  core: CoreContext,
  conversation: ConversationId,
  parts: EntryParts,
): Promise<boolean> {
  const { directory, memberships, store, suite } = core;
  const entry = readEntry(suite, parts);
  const { header, id } = entry;
  const isOperation = header.channel === CONTROL_CHANNEL && header.kind === CONTROL_KIND.member;
  if (!isOperation || header.suite !== suite.id || header.conversation !== conversation) {
    throw new DecodeError("no operation of this group");
  }
  // Whom the sender knows to be a member may not be known here yet.
  const logKey = directory.logKeyOf(header.device);
  if (logKey === undefined || !directory.isMemberDevice(conversation, header.device)) return false;
  if (memberships.of(conversation)?.operations.has(id) !== false) return false;
  if (!verifyEntry(suite, logKey, parts)) throw new DecodeError("an operation that nobody signed");
  return memberships.inTurn(conversation, async () => {
    const intake = new GroupIntake(core, conversation);
    await store.write(INTAKE_TABLES, "strict", async (tx) => {
      const logs = new Map(await readLogs(tx, conversation));
      await intake.take(tx, [entry], logs, true);
    });
    return intake.remember();
  });
}

/** Those of these that are held, as they were signed. */
export async function readOperations(
  { memberships, store }: CoreContext,
  conversation: ConversationId,
  ids: readonly EntryId[],
): Promise<readonly EntryParts[]> {
  const held = memberships.of(conversation)?.operations;
  const wanted = new Set(ids.filter((id) => held?.has(id) === true));
  return store.read(["operations", "entries"], async (tx) => {
    const found: EntryParts[] = [];
    const devices = new Set<DeviceId>();
    for (const id of wanted) {
      const row = await tx.get("operations", [conversation, id]);
      if (row?.proof !== undefined) found.push({ ...row.proof, body: row.body });
      else if (row !== undefined) devices.add(row.device);
    }
    for (const device of devices) {
      const rows = await tx.range("entries", { prefix: [conversation, device, CONTROL_CHANNEL] });
      for (const { value } of rows) {
        if (wanted.has(value.id)) found.push({ header: value.header, signature: value.signature, body: value.body });
      }
    }
    return found;
  });
}

/** The newest operations of a log as it is held here. */
export async function newestOperations(
  { store }: CoreContext,
  conversation: ConversationId,
  device: DeviceId,
): Promise<readonly EntryParts[]> {
  const rows = await store.read(["entries"], (tx) =>
    tx.range("entries", { prefix: [conversation, device, CONTROL_CHANNEL] }),
  );
  return rows
    .filter(({ value }) => decodeHeader(value.header).kind === CONTROL_KIND.member)
    .slice(-MAX_TOLD)
    .map(({ value: { header, signature, body } }) => ({ header, signature, body }));
}
