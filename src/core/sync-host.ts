/** Joins sync, which moves opaque entries, with the conversations that understand them. */
import { couldTake, isMemberPeer, knownBehind, mayTake } from "./conversations/group-peers.ts";
import { DecodeError } from "./codec/decode-error.ts";
import { CONTROL_CHANNEL } from "./codec/entry.ts";
import type { AccountId, ConversationId, DeviceId, PeerKey } from "./codec/ids.ts";
import type { Release } from "./codec/release.ts";
import { becomeNewDevice } from "./conversations/account.ts";
import { changeAcquaintance } from "./conversations/acquaintances.ts";
import { changeContact } from "./conversations/contact-rows.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import type { FirstContact } from "./conversations/first-contact.ts";
import { acceptEntries } from "./conversations/incoming.ts";
import { acceptClock, acceptRead, acceptSealedRead } from "./conversations/incoming-statements.ts";
import type { Verifying } from "./conversations/verifying.ts";
import { heldStatements } from "./conversations/held-statements.ts";
import { takeClockChange } from "./conversations/statement-numbers.ts";
import type { Couriers } from "./couriers/couriers.ts";
import type { GroupMeetings } from "./group-meetings.ts";
import type { KeyCare } from "./key-care.ts";
import type { Reaching } from "./reaching.ts";
import { cutWhereSigned } from "./log/cut-batch.ts";
import { digestLogs, readLogs } from "./log/log-state.ts";
import { MAX_BATCH_ENTRIES } from "./log/check.ts";
import { takenFrom } from "./log/taken-entries.ts";
import { type Missing, readBatch, SERVE_TABLES } from "./log/serve.ts";
import { entryIdOf, type EntryParts } from "./log/entry.ts";
import { StoreFailedError, StoreFullError } from "./store/store.ts";
import type { Cost } from "./sync/allowance.ts";
import { READ_BYTES } from "./sync/batches.ts";
import { FRAME, isEnvelopeFrame } from "./sync/frames.ts";
import type { SyncHost } from "./sync/host.ts";
import type { Sync } from "./sync/sync.ts";

const TRANSACTION_WORK = 1;
/** Signature, keys, and the timeline's row of an entry, roughly. */
const ROW_BYTES = 512;

export interface SyncHostParts {
  readonly core: CoreContext;
  readonly firstContact: FirstContact;
  readonly verifying: Verifying;
  readonly sync: () => Sync;
  readonly couriers: () => Couriers;
  readonly reaching: Reaching;
  ownRelays(): readonly string[];
  ownRelease(): Promise<Release | undefined>;
  onRelease(peer: PeerKey, release: Release): void;
  onHeard(account: AccountId): void;
  onContactLinkClosed(account: AccountId): void;
  /** The peer broke the protocol. */
  onMisbehaviour(peer: PeerKey): void;
  /** What the peer sent could not be stored. */
  onStoreTrouble(peer: PeerKey): void;
  /** This account has a new device: contacts are to be told. */
  onNewDevice(): void;
  readonly keys: KeyCare;
  readonly groups: GroupMeetings;
}

export function createSyncHost(parts: SyncHostParts): SyncHost {
  const { core, firstContact } = parts;
  const { directory, suite, store } = core;

  return {
    get ownPeer() {
      return directory.self.peerKey;
    },
    random: (length) => suite.random(length),
    mac: (key, bytes) => suite.mac(key, bytes),
    equalMacs: (a, b) => suite.equalMacs(a, b),
    digest: (logs) => digestLogs(suite, logs),
    ownRelays: () => parts.ownRelays(),
    ownRelease: () => parts.ownRelease(),

    async onGreeted(link, own, remote) {
      const account = knownBehind(directory, link.peer);
      if (account !== undefined) await noteRelays(core, account, remote.relays);
      await firstContact.begin(link, own, remote, account);
      // Another link may have made it a contact meanwhile.
      return knownBehind(directory, link.peer) === undefined ? "guest" : "contact";
    },
    onGuestFrame: (link, frame) => firstContact.onFrame(link, frame),
    onContact(link) {
      parts.reaching.onContact(link);
      parts.couriers().onContact(link);
    },
    onContactFrame: (link, frame) =>
      frame.type === FRAME.reachCard ? parts.reaching.onFrame(link, frame) : parts.couriers().onFrame(link, frame),
    onRelease: (peer, release) => parts.onRelease(peer, release),
    onCodeRead(link, frame) {
      const account = directory.contactBehind(link.peer);
      if (account !== undefined) parts.verifying.onFrame(link, account, frame);
    },
    onHeard(peer) {
      const account = knownBehind(directory, peer);
      if (account !== undefined) parts.onHeard(account);
    },
    onLinkClosed(link, fault) {
      if (fault instanceof DecodeError) parts.onMisbehaviour(link.peer);
      else if (fault !== undefined) core.fireAndForget(Promise.reject(fault));
      if (fault instanceof StoreFullError || fault instanceof StoreFailedError) parts.onStoreTrouble(link.peer);
      parts.reaching.onLinkClosed(link);
      parts.couriers().onLinkClosed(link);
      const account = knownBehind(directory, link.peer);
      if (account === undefined) return;
      parts.onContactLinkClosed(account);
      for (const { id } of directory.conversationsWith(account)) parts.keys.onLinkClosed(id);
    },

    conversationsWith(peer) {
      const account = knownBehind(directory, peer);
      return account === undefined ? [] : directory.conversationsWith(account).map((conversation) => conversation.id);
    },
    payerFor: (peer) => knownBehind(directory, peer) ?? peer,
    isOwnDevice: (device) => directory.isOwnDevice(device),
    mayTake: (conversation, peer) => mayTake(directory, conversation, peer),
    couldTake: (conversation, peer, device, channel) => couldTake(directory, conversation, peer, device, channel),
    membersIn: (conversation) => directory.conversations.get(conversation)?.members.length ?? 0,
    isGroup: (conversation) => directory.conversations.get(conversation)?.kind === "group",
    // Who belongs to a group is found out from its control logs, which come first.
    mayHold: (conversation, device) =>
      directory.conversations.get(conversation)?.kind === "group" || directory.isMemberDevice(conversation, device),
    readLogs: (conversation) => store.read(["logs"], (tx) => readLogs(tx, conversation)),
    deviceOfPeer: (peer) => directory.deviceOfPeer(peer),
    entryIdOf: ({ header, signature }) => entryIdOf(suite, header, signature),
    async readBatches(conversation, missing, batchBytes, peer) {
      const recipient = directory.deviceOfPeer(peer);
      const limits = { maxEntries: MAX_BATCH_ENTRIES, maxBytes: READ_BYTES, recipient };
      const logKeyOf = (device: DeviceId): Uint8Array | undefined => directory.logKeyOf(device);
      const read = await store.read(SERVE_TABLES, (tx) =>
        readBatch(tx, suite, conversation, theirsToHave(core, conversation, missing, peer), limits, logKeyOf),
      );
      return cutWhereSigned(suite, core.clock, read, batchBytes, logKeyOf);
    },

    async accept(conversation, batch, envelopes, peer) {
      const { taken, barred } = this.isGroup(conversation)
        ? takenFrom(batch, (device, channel) => this.couldTake(conversation, peer, device, channel))
        : { taken: batch, barred: [] };
      if (taken.length === 0)
        return { kind: "accepted", heights: new Map(), cost: costOf(batch, NOTHING), passedOver: barred };
      const result = await acceptEntries(core, conversation, taken, envelopes);
      if (result.kind === "rejected") return { kind: "misbehaved" };
      if (result.kind === "unlinked") return { kind: "stop" };
      if (result.addedBy !== undefined) {
        await parts.groups.putBack(conversation, result.addedBy);
        return { kind: "stop" };
      }
      // Before the clock: whoever has them may erase them by it.
      if (result.lacksEnvelopes) parts.keys.envelopes.ask(conversation);
      if (result.clock !== undefined) parts.sync().clocks.offer(conversation, result.clock);
      result.announce();
      const { rolledBack } = result;
      if (rolledBack !== undefined) {
        // Two links can bring the proof at once.
        if (await becomeNewDevice(core, rolledBack)) parts.onNewDevice();
      }
      for (const device of result.forkedControl) parts.groups.operations.tell(conversation, device);
      if (result.hasNewMembers) {
        parts.groups.membersChanged(conversation);
        parts.groups.operations.ask(conversation);
      }
      await parts.keys.onOpened(conversation, result);
      const passedOver = [...barred, ...result.passedOver];
      return { kind: "accepted", heights: result.heights, cost: costOf(batch, result), passedOver };
    },
    async onStatement(conversation, type, bytes) {
      if (type === FRAME.sealedRead) return acceptSealedRead(core, conversation, bytes);
      if (type !== FRAME.clock) return acceptRead(core, conversation, bytes);
      const kind = await acceptClock(core, conversation, bytes);
      // What is held already is told by somebody at every meeting: passed on each time, it would go round for good.
      if (kind !== "new") return kind === "ignored";
      parts.groups.noteClock(conversation, bytes);
      parts.keys.onClock(conversation);
      parts.couriers().onClock(conversation);
      return true;
    },
    ...heldStatements(core, (conversation) => parts.groups.lists.digest(conversation)),
    onClockChange(conversation, bytes) {
      return takeClockChange(core, conversation, bytes, (clock) => this.onStatement(conversation, FRAME.clock, clock));
    },
    onSent: (conversation, peer, entries) => parts.keys.envelopes.onSent(conversation, peer, entries),
    deviceListsHeld: (conversation, peer) =>
      mayTake(directory, conversation, peer) ? parts.groups.lists.held(conversation) : undefined,
    onMemberFrame: (conversation, peer, frame) =>
      (isEnvelopeFrame(frame.type) ? parts.keys.envelopes : parts.groups).onFrame(conversation, peer, frame),
    onResendAnswer: (conversation, payload) => parts.keys.onResendAnswer(conversation, payload),
    onUnknown(link, conversation) {
      const { peer } = link;
      if (directory.conversations.get(conversation)?.kind === "group") {
        if (directory.isIn(conversation) && isMemberPeer(directory, conversation, peer))
          parts.groups.offer(link, conversation);
        return;
      }
      const account = directory.contactBehind(peer);
      const isMet =
        account !== undefined && directory.conversationsWith(account).some(({ id }) => parts.sync().isMet(id));
      if (!isMet) noteLost(core, peer, true);
    },
    onGroupOffer: (link, frame) => parts.groups.onOffer(link, frame.payload),
    onReady(conversation, peer) {
      noteLost(core, peer, false);
      parts.keys.envelopes.ask(conversation, peer);
      parts.groups.operations.ask(conversation, peer);
      parts.keys.onLevel(conversation);
    },
  };
}

/** One signature per run and one transaction; on disk the bytes of the entries and the rows about them. */
function costOf(
  batch: readonly EntryParts[],
  { runs, count }: { readonly runs: number; readonly count: number },
): Cost {
  const work = TRANSACTION_WORK + runs;
  if (count === 0) return { work, bytes: 0 };
  const bytes = batch.reduce((sum, { header, body }) => sum + header.length + body.length, 0);
  return { work, bytes: bytes + count * ROW_BYTES };
}

const NOTHING = { runs: 0, count: 0 };

/** Newcomers get what their history begins with, former members only what tells them that they are none. */
function theirsToHave(
  { directory, memberships }: CoreContext,
  conversation: ConversationId,
  missing: readonly Missing[],
  peer: PeerKey,
): readonly Missing[] {
  if (directory.conversations.get(conversation)?.kind !== "group") return missing;
  const account = directory.accountOfPeer(peer);
  // Who is not known at all has yet to show that they belong here.
  if (account === undefined) return [];
  if (!isMemberPeer(directory, conversation, peer)) {
    return missing.filter(({ log }) => log.channel === CONTROL_CHANNEL);
  }
  return missing.flatMap(({ log, after }) => {
    const start = log.channel === CONTROL_CHANNEL ? 0 : memberships.startOf(conversation, account, log.device);
    const from = Math.max(after, start);
    return from < log.row.height ? [{ log, after: from }] : [];
  });
}

function noteLost(core: CoreContext, peer: PeerKey, isLost: boolean): void {
  const account = core.directory.contactBehind(peer);
  if (account === undefined || (core.directory.contacts.get(account)?.isLost ?? false) === isLost) return;
  core.fireAndForget(changeContact(core, account, "relaxed", (held) => ({ ...held, isLost })));
}

async function noteRelays(core: CoreContext, account: AccountId, relays: readonly string[]): Promise<void> {
  const contact = core.directory.contacts.get(account);
  const held = contact ?? core.directory.acquaintances.get(account);
  if (held === undefined || relays.length === 0) return;
  if (relays.length === held.relays.length && relays.every((relay, index) => relay === held.relays[index])) return;
  if (contact === undefined) return changeAcquaintance(core, account, { relays });
  await changeContact(core, account, "relaxed", (held) => ({ ...held, relays }));
}
