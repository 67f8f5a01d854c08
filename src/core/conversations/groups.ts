/** Groups as this account changes them: each change is an entry of the control log that names those it rests on (PROTOCOL, Membership). */
import { CONTROL_CHANNEL, CONTROL_KIND, MESSAGE_CHANNEL } from "../codec/entry.ts";
import { cutToBytes } from "../codec/bytes.ts";
import type { AccountId, ConversationId, ThreadId } from "../codec/ids.ts";
import { KEM_TABLES, publishKem } from "../epochs/kem.ts";
import { APPEND_TABLES, appendEntry, type SealedEntry } from "../log/append.ts";
import { readLogs } from "../log/log-state.ts";
import { canChange } from "../membership/can-change.ts";
import type { Operation } from "../membership/evaluate.ts";
import { encodeGenesis } from "../membership/genesis.ts";
import { MAX_GROUP_NAME_BYTES } from "../codec/limits.ts";
import { type Change, encodeOperation, type LogStart, MAX_PARENTS } from "../membership/operation.ts";
import type { ServedEntry } from "../log/serve.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { OperationRow } from "../store/group-tables.ts";
import type { ConversationRow, ThreadRow, TimelineRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { conversationIdOf } from "./conversation-id.ts";
import { changeRow, changeTimelineRow } from "./group-changes.ts";
import { withMembers } from "./group-intake.ts";
import { encodeIntroduction } from "./introduction.ts";
import { noteKem, served } from "./key-exchange.ts";
import { founded, type GroupState, grown, operationOf, roomFor } from "./memberships.ts";
import { newThread } from "./thread-rows.ts";
import { messageView, orderOf } from "./timeline.ts";

const NONCE_BYTES = 16;
const MAX_MEMBERS = 500;

const GROUP_TABLES = ["conversations", "threads", "timeline", "operations", ...KEM_TABLES, ...APPEND_TABLES] as const;

/** A change that was committed, and what others are to be sent of it. */
export interface GroupCommit {
  readonly conversation: ConversationId;
  readonly entries: readonly ServedEntry[];
}

export type GroupRefusal = { readonly kind: "refused" } | { readonly kind: "too-many"; readonly limit: number };

/** The thread of a group goes by the id of its conversation. */
export function groupThread(conversation: ConversationId): ThreadId {
  return conversation as string as ThreadId;
}

/** Founds a group with these contacts in it. The name must not be empty. */
export async function createGroup(
  core: CoreContext,
  name: string,
  accounts: readonly AccountId[],
): Promise<GroupCommit | GroupRefusal> {
  const { directory, suite, clock, store } = core;
  const { self } = directory;
  const now = clock.now();
  const cleaned = cutName(name);
  if (cleaned === "") return { kind: "refused" };
  if (accounts.length >= MAX_MEMBERS) return { kind: "too-many", limit: MAX_MEMBERS };
  const content = encodeGenesis({
    kind: "group",
    nonce: suite.random(NONCE_BYTES),
    founder: self.account,
    name: cleaned,
  });
  const id = conversationIdOf(suite, content);
  const thread = groupThread(id);
  const stored = await store.write(GROUP_TABLES, "strict", async (tx) => {
    const draft = { conversation: id, channel: CONTROL_CHANNEL, kind: CONTROL_KIND.genesis, content };
    const genesis = await appendEntry(tx, suite, now, self, draft, orderOf);
    const founding: ConversationRow = {
      id,
      kind: "group",
      thread,
      founder: self.account,
      members: [self.account],
      isShared: true,
      genesis: { id: genesis.id, name: cleaned },
      name: cleaned,
    };
    const shown = [putChange(core, tx, id, genesis, { kind: "created", name: cleaned })];
    const { entry: kemEntry, kem } = await publishKem(tx, suite, now, self, id);
    const {
      state,
      entries,
      shown: added,
    } = await putChanges(core, tx, id, founded(founding), await additions(core, tx, id, accounts));
    const conversation = withMembers(founding, state);
    const threadRow = newThread(thread, now);
    tx.put("conversations", [id], conversation);
    tx.put("threads", [thread], threadRow);
    return {
      conversation,
      threadRow,
      kem,
      state,
      entries: [genesis, kemEntry, ...entries],
      shown: [...shown, ...added],
    };
  });
  directory.threads.set(thread, stored.threadRow);
  directory.pending.set(thread, { count: 0 });
  noteKem(core, id, stored.kem);
  remember(core, stored);
  return { conversation: id, entries: stored.entries.map((entry) => served(entry)) };
}

type WantedChanges = readonly Change[] | { readonly add: readonly AccountId[] };

/** Makes changes if this account may make all of them now. */
export function changeGroup(
  core: CoreContext,
  conversation: ConversationId,
  wanted: WantedChanges,
): Promise<GroupCommit | GroupRefusal> {
  return core.memberships.inTurn(conversation, () => changeNow(core, conversation, wanted));
}

async function changeNow(
  core: CoreContext,
  conversation: ConversationId,
  wanted: WantedChanges,
): Promise<GroupCommit | GroupRefusal> {
  const { directory, memberships, store } = core;
  const { account } = directory.self;
  const row = directory.conversations.get(conversation);
  const state = memberships.of(conversation);
  if (row?.kind !== "group" || state === undefined) return { kind: "refused" };
  if ("add" in wanted && row.members.length + wanted.add.length > MAX_MEMBERS) {
    return { kind: "too-many", limit: MAX_MEMBERS };
  }
  const stored = await store.write(GROUP_TABLES, "strict", async (tx) => {
    const changes = "add" in wanted ? await additions(core, tx, conversation, wanted.add) : wanted;
    if (changes.length === 0 || changes.length > roomFor(state, directory.self.device)) return undefined;
    if (!changes.every((change) => canChange(state.membership, account, change))) return undefined;
    const { state: next, entries, shown } = await putChanges(core, tx, conversation, state, changes);
    const changed = withMembers(row, next);
    tx.put("conversations", [conversation], changed);
    return { conversation: changed, state: next, entries, shown };
  });
  if (stored === undefined) return { kind: "refused" };
  remember(core, stored);
  return { conversation, entries: stored.entries.map((entry) => served(entry)) };
}

/** Contacts that are not members yet, with where their history begins. */
async function additions(
  core: CoreContext,
  tx: WriteTransaction,
  conversation: ConversationId,
  accounts: readonly AccountId[],
): Promise<readonly Change[]> {
  const { directory } = core;
  const members = directory.conversations.get(conversation)?.members ?? [];
  const starts: readonly LogStart[] = [...(await readLogs(tx, conversation)).values()]
    .filter(({ channel, row }) => channel === MESSAGE_CHANNEL && row.height > 0)
    .map(({ device, row }) => ({ device, seq: row.height, id: row.head }));
  return [...new Set(accounts)].flatMap((account): Change[] => {
    const contact = directory.contacts.get(account);
    const list = directory.devicesOf(account);
    const isAble = contact?.isConfirmed === true && list !== undefined && !directory.blocked.has(account);
    if (!isAble || members.includes(account)) return [];
    const bundle = encodeIntroduction(list.bytes, contact.name);
    return [{ kind: "add", account, bundle, relays: contact.relays.slice(0, 2), starts }];
  });
}

interface PutChanges {
  readonly state: GroupState;
  readonly entries: readonly SealedEntry[];
  readonly shown: readonly ShownChange[];
}

interface ShownChange {
  readonly order: string;
  readonly row: TimelineRow;
}

async function putChanges(
  core: CoreContext,
  tx: WriteTransaction,
  conversation: ConversationId,
  before: GroupState,
  changes: readonly Change[],
): Promise<PutChanges> {
  const { suite, clock, directory } = core;
  const { self } = directory;
  const entries: SealedEntry[] = [];
  const shown: ShownChange[] = [];
  const made: (Operation | undefined)[] = [];
  let state = before;
  let parents = state.membership.heads;
  for (const change of changes) {
    const content = encodeOperation({ parents, change });
    const draft = { conversation, channel: CONTROL_CHANNEL, kind: CONTROL_KIND.member, content };
    const entry = await appendEntry(tx, suite, clock.now(), self, draft, orderOf);
    const row: OperationRow = { author: self.account, device: self.device, body: content };
    tx.put("operations", [conversation, entry.id], row);
    const told = changeRow(state, change);
    made.push(operationOf(entry.id, row));
    entries.push(entry);
    if (told !== undefined) shown.push(putChange(core, tx, conversation, entry, told));
    if (change.kind === "add" && parents.length < MAX_PARENTS) {
      // It counts and descends from all heads, so it is the only one: hundreds of additions are judged together.
      parents = [entry.id];
      continue;
    }
    state = grown(state, made.splice(0));
    parents = state.membership.heads;
  }
  return { state: made.length === 0 ? state : grown(state, made), entries, shown };
}

function putChange(
  core: CoreContext,
  tx: WriteTransaction,
  conversation: ConversationId,
  { header, id, rank }: SealedEntry,
  change: NonNullable<TimelineRow["change"]>,
): ShownChange {
  const order = orderOf(rank, header);
  const row = changeTimelineRow(core, { conversation, id, header, author: core.directory.self.account, change });
  tx.put("timeline", [groupThread(conversation), order], row);
  return { order, row };
}

function remember(
  core: CoreContext,
  stored: {
    readonly conversation: ConversationRow;
    readonly state: GroupState;
    readonly shown: readonly ShownChange[];
    readonly threadRow?: ThreadRow;
  },
): void {
  const { conversation, state, shown } = stored;
  core.directory.conversations.set(conversation.id, conversation);
  core.memberships.put(conversation.id, state);
  const upserts = shown.map(({ order, row }) => messageView(core, order, row));
  core.emit({ type: "messages", thread: conversation.thread, upserts, removed: [] });
  core.threadChanged(conversation.thread);
}

/** Trimmed, and no longer than may be written. */
export function cutName(name: string): string {
  return cutToBytes(name.trim(), MAX_GROUP_NAME_BYTES).trim();
}
