/**
 * Telling a member of a group that they do not know yet (PROTOCOL, Membership): the entry that founded it, and its founder's devices.
 * Everything else comes by sync; whether this account is a member is seen only there.
 */
import { CONTROL_CHANNEL, CONTROL_KIND, decodeHeader } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId } from "../codec/ids.ts";
import { ACCEPT_TABLES, acceptBatch } from "../log/accept.ts";
import { type Entry, readEntry, verifyEntry } from "../log/entry.ts";
import { decodeGenesis, type GroupGenesis } from "../membership/genesis.ts";
import type { ConversationRow, ThreadRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { conversationIdOf } from "./conversation-id.ts";
import { changeTimelineRow } from "./group-changes.ts";
import { putIntroduced } from "./group-intake.ts";
import { decodeGroupOffer, encodeGroupOffer } from "./group-offer-codec.ts";
import { groupThread } from "./groups.ts";
import { decodeIntroduction, encodeIntroduction, type Introduction } from "./introduction.ts";
import { founded } from "./memberships.ts";
import { newThread } from "./thread-rows.ts";
import { orderOf } from "./timeline.ts";

/** Groups that one contact told of and that are not known to be ours. */
const MAX_OFFERED = 64;

const OFFER_TABLES = [
  "conversations",
  "threads",
  "timeline",
  "acquaintances",
  "devices",
  "groupRequests",
  ...ACCEPT_TABLES,
] as const;

/** Undefined for what is no group, or whose founding entry is not held. */
export async function readGroupOffer(core: CoreContext, conversation: ConversationId): Promise<Uint8Array | undefined> {
  const { directory, store } = core;
  const row = directory.conversations.get(conversation);
  const list = row === undefined ? undefined : directory.devicesOf(row.founder);
  if (row?.kind !== "group" || list === undefined) return undefined;
  const devices = [...list.devices, ...(list.former ?? [])];
  const genesis = await store.read(["entries"], async (tx) => {
    const found = await Promise.all(
      devices.map(({ device }) => tx.get("entries", [conversation, device, CONTROL_CHANNEL, 1])),
    );
    return found.find((entry) => entry !== undefined && entry.id === row.genesis?.id);
  });
  if (genesis === undefined) return undefined;
  const name = founderName(core, row.founder);
  // Their newest list may have left out the device that founded it.
  const founding = decodeHeader(genesis.header).device;
  const isListed = list.devices.some(({ device }) => device === founding);
  const bytes = isListed ? list.bytes : (list.previous ?? list.bytes);
  const { header, signature, body } = genesis;
  return encodeGroupOffer({ genesis: { header, signature, body }, founder: encodeIntroduction(bytes, name) });
}

/** A group as it was founded, verified. */
export interface OfferedGroup {
  readonly id: ConversationId;
  readonly genesis: Entry;
  readonly content: GroupGenesis;
  readonly founder: Introduction;
}

/** @throws DecodeError */
export function readOffer(core: CoreContext, bytes: Uint8Array): OfferedGroup {
  const { suite, directory } = core;
  const offer = decodeGroupOffer(bytes);
  const genesis = readEntry(suite, offer.genesis);
  const content = decodeGenesis(offer.genesis.body);
  if (content.kind !== "group") throw new DecodeError("not the genesis of a group");
  const id = conversationIdOf(suite, offer.genesis.body);
  const founder = decodeIntroduction(suite, offer.founder);
  directory.checkDevices(founder.account, founder.list);
  checkGenesis(core, genesis, content, id, founder.account, founder.list.devices);
  return { id, genesis, content, founder };
}

/** Who told of a group that the person accepted, where their devices are not known otherwise. */
export interface Accepted {
  readonly teller: Introduction | undefined;
  readonly relays: readonly string[];
}

/** Takes in what a contact tells of, or the person accepted. Undefined if it is not to be taken in. @throws DecodeError */
export async function takeGroupOffer(
  core: CoreContext,
  from: AccountId,
  bytes: Uint8Array,
  accepted?: Accepted,
): Promise<ConversationId | undefined> {
  const { directory, clock, memberships } = core;
  const { id, genesis, content, founder } = readOffer(core, bytes);
  const held = directory.conversations.get(id);
  if (held !== undefined) return held.kind === "group" ? id : undefined;
  const offered = [...directory.conversations.values()].filter(
    (row) => row.offeredBy === from && !directory.isIn(row.id),
  );
  if (offered.length >= MAX_OFFERED) return undefined;

  const thread = groupThread(id);
  const row: ConversationRow = {
    id,
    kind: "group",
    thread,
    founder: content.founder,
    members: [content.founder],
    isShared: true,
    genesis: { id: genesis.id, name: content.name },
    name: content.name,
    offeredBy: from,
    ...(accepted === undefined ? {} : { isAccepted: true }),
  };
  const state = founded(row);
  const { threadRow, met } = await core.store.write(OFFER_TABLES, "strict", async (tx) => {
    const put = [await putIntroduced(core, tx, founder, [])];
    const { teller, relays } = accepted ?? {};
    if (teller !== undefined) put.push(await putIntroduced(core, tx, teller, relays ?? []));
    const next: ThreadRow = newThread(thread, clock.now());
    tx.put("conversations", [id], row);
    tx.put("threads", [thread], next);
    tx.delete("groupRequests", [id]);
    await acceptBatch(
      tx,
      id,
      [{ device: genesis.header.device, channel: CONTROL_CHANNEL, entries: [genesis] }],
      async (entry, rank) => {
        const order = orderOf(rank, entry.header);
        const change = { kind: "created", name: content.name } as const;
        const told = { conversation: id, id: entry.id, header: entry.header, author: content.founder, change };
        tx.put("timeline", [thread, order], changeTimelineRow(core, told));
        return { kind: "opened", shownAt: order };
      },
    );
    return { threadRow: next, met: put };
  });
  for (const { account, acquaintance, list } of met) {
    if (acquaintance !== undefined) directory.acquaintances.set(account, acquaintance);
    if (list !== undefined) directory.putDevices(account, list);
  }
  directory.conversations.set(id, row);
  directory.threads.set(thread, threadRow);
  directory.pending.set(thread, { count: 0 });
  memberships.put(id, state);
  return id;
}

/** @throws DecodeError */
function checkGenesis(
  { suite }: CoreContext,
  { header, parts }: Entry,
  { founder }: GroupGenesis,
  id: ConversationId,
  account: AccountId,
  devices: readonly { readonly device: string; readonly logKey: Uint8Array }[],
): void {
  const author = devices.find(({ device }) => device === header.device);
  const isFirst =
    header.channel === CONTROL_CHANNEL &&
    header.kind === CONTROL_KIND.genesis &&
    header.seq === 1 &&
    header.suite === suite.id &&
    header.dependencies.length === 0 &&
    header.conversation === id;
  if (!isFirst || founder !== account || author === undefined || !verifyEntry(suite, author.logKey, parts)) {
    throw new DecodeError("not the genesis of a group");
  }
}

function founderName({ directory }: CoreContext, founder: AccountId): string {
  if (founder === directory.self.account) return directory.self.name;
  return directory.contacts.get(founder)?.name ?? directory.acquaintances.get(founder)?.name ?? "";
}
