/**
 * Who and what this device knows, in memory: small rows that every message needs. Loaded once; whoever commits a change puts it
 * here right after the commit, so that it never says what the store does not.
 */
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId, DeviceId, PeerKey, ThreadId } from "../codec/ids.ts";
import type { Roster } from "../epochs/roster.ts";
import type { Key, ReadTransaction, Store } from "../store/store.ts";
import type { AcquaintanceRow, GroupRequestRow } from "../store/group-tables.ts";
import type { BlockedRow, OpeningRow, RequestRow } from "../store/people-tables.ts";
import type { ConversationRow, DeviceListRow, IdentityRow, OutboxRow, ThreadRow } from "../store/tables.ts";
import { ContactMap } from "./contact-map.ts";

/** Devices of one account since the start of the app, listed now or not: four full lists. */
const MAX_DEVICES_SEEN = 64;

const LOADED_TABLES = [
  "identity",
  "contacts",
  "openings",
  "conversations",
  "threads",
  "devices",
  "outbox",
  "blocked",
  "requests",
  "acquaintances",
  "groupRequests",
] as const;

/** What waits in the outbox of a thread. */
export interface Pending {
  readonly count: number;
  readonly last?: OutboxRow;
}

export class Directory {
  identity: IdentityRow | undefined;
  readonly contacts = new ContactMap();
  readonly openings = new Map<AccountId, OpeningRow>();
  readonly conversations = new Map<ConversationId, ConversationRow>();
  readonly threads = new Map<ThreadId, ThreadRow>();
  readonly pending = new Map<ThreadId, Pending>();
  readonly blocked = new Map<AccountId, BlockedRow>();
  readonly requests = new Map<AccountId, RequestRow>();
  readonly groupRequests = new Map<ConversationId, GroupRequestRow>();
  /** Members of common groups who are no contacts, or were none when they came. */
  readonly acquaintances = new Map<AccountId, AcquaintanceRow>();
  /** Told of each device list that comes in the place of another. */
  onNewList: ((account: AccountId) => void) | undefined;
  readonly #devices = new Map<AccountId, DeviceListRow>();
  readonly #accountByPeer = new Map<PeerKey, AccountId>();
  readonly #deviceById = new Map<DeviceId, { readonly account: AccountId; readonly logKey: Uint8Array }>();

  async load(store: Store): Promise<void> {
    await store.read(LOADED_TABLES, async (tx) => {
      // All under way at once: a start with many conversations must not wait for one answer after the other.
      const [identity, contacts, openings, conversations, devices, threads, blocked, requests, met, added] =
        await Promise.all([
          tx.get("identity", ["self"]),
          tx.range("contacts", {}),
          tx.range("openings", {}),
          tx.range("conversations", {}),
          tx.range("devices", {}),
          tx.range("threads", {}),
          tx.range("blocked", {}),
          tx.range("requests", {}),
          tx.range("acquaintances", {}),
          tx.range("groupRequests", {}),
        ]);
      this.identity = identity;
      for (const { value } of contacts) this.contacts.set(value.account, value);
      for (const { value } of openings) this.openings.set(value.account, value);
      for (const { value } of blocked) this.blocked.set(value.account, value);
      for (const { value } of requests) this.requests.set(value.account, value);
      for (const { value } of added) this.groupRequests.set(value.conversation, value);
      for (const { value } of met) this.acquaintances.set(value.account, value);
      for (const { value } of conversations) this.conversations.set(value.id, value);
      // Own devices first: a key that two accounts name is ours.
      const isOwn = ({ key }: { readonly key: Key }): boolean => key[0] === identity?.account;
      for (const { key, value } of devices.toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)))) {
        this.putDevices(String(key[0]) as AccountId, value);
      }
      const waiting = await Promise.all(threads.map(({ value }) => readPending(tx, value.id)));
      for (const [index, { value }] of threads.entries()) {
        this.threads.set(value.id, value);
        this.pending.set(value.id, waiting[index] ?? { count: 0 });
      }
    });
  }

  /** The identity of a registered profile. Asking before `register` is a bug. */
  get self(): IdentityRow {
    if (this.identity === undefined) throw new Error("there is no profile yet");
    return this.identity;
  }

  /** A key that belongs to an account already stays with it. */
  putDevices(account: AccountId, row: DeviceListRow): void {
    const isNew = this.#devices.get(account)?.bytes !== row.bytes;
    this.#devices.set(account, row);
    for (const { device, logKey, peerKey } of row.devices) {
      if (!this.#accountByPeer.has(peerKey)) this.#accountByPeer.set(peerKey, account);
      if (!this.#deviceById.has(device)) this.#deviceById.set(device, { account, logKey });
    }
    for (const { device, logKey } of row.former ?? []) {
      if (!this.#deviceById.has(device)) this.#deviceById.set(device, { account, logKey });
    }
    if (isNew) this.onNewList?.(account);
  }

  /**
   * A contact must not take over another one's device, nor show ever new devices without end: what they wrote stays.
   * @throws DecodeError
   */
  checkDevices(account: AccountId, list: Pick<DeviceListRow, "devices">): void {
    const peers = new Set<PeerKey>();
    const devices = new Set<DeviceId>();
    for (const { device, peerKey } of list.devices) {
      const owners = [this.accountOfPeer(peerKey), this.accountOfDevice(device)];
      if (owners.some((owner) => owner !== undefined && owner !== account)) {
        throw new DecodeError("a device of somebody else");
      }
      peers.add(peerKey);
      devices.add(device);
    }
    for (const [peer, owner] of this.#accountByPeer) if (owner === account) peers.add(peer);
    for (const [device, owner] of this.#deviceById) if (owner.account === account) devices.add(device);
    if (Math.max(peers.size, devices.size) > MAX_DEVICES_SEEN) throw new DecodeError("too many devices");
  }

  /** Forgets a contact with their thread and keys, once the store has. */
  removeContact(account: AccountId): void {
    const thread = directThread(account);
    this.contacts.delete(account);
    this.openings.delete(account);
    for (const { id } of this.conversationsOf(thread)) this.conversations.delete(id);
    this.threads.delete(thread);
    this.pending.delete(thread);
    if (!this.isCoMember(account)) this.#forgetDevices(account);
  }

  removeGroup({ id, thread }: ConversationRow): void {
    this.conversations.delete(id);
    this.threads.delete(thread);
    this.pending.delete(thread);
  }

  /** Somebody of no common group any more. */
  removeAcquaintance(account: AccountId): void {
    this.acquaintances.delete(account);
    if (!this.contacts.has(account)) this.#forgetDevices(account);
  }

  #forgetDevices(account: AccountId): void {
    this.#devices.delete(account);
    for (const [peer, owner] of this.#accountByPeer) if (owner === account) this.#accountByPeer.delete(peer);
    for (const [device, owner] of this.#deviceById) if (owner.account === account) this.#deviceById.delete(device);
  }

  devicesOf(account: AccountId): DeviceListRow | undefined {
    return this.#devices.get(account);
  }

  accountOfPeer(peer: PeerKey): AccountId | undefined {
    return this.#accountByPeer.get(peer);
  }

  accountOfDevice(device: DeviceId): AccountId | undefined {
    return this.#deviceById.get(device)?.account;
  }

  logKeyOf(device: DeviceId): Uint8Array | undefined {
    return this.#deviceById.get(device)?.logKey;
  }

  /** The confirmed contact whose newest list names this peer. A device that was taken off the list is a stranger; so is whoever is blocked. */
  contactBehind(peer: PeerKey): AccountId | undefined {
    const account = this.accountOfPeer(peer);
    if (account === undefined || this.blocked.has(account)) return undefined;
    const isListed = this.devicesOf(account)?.devices.some(({ peerKey }) => peerKey === peer) === true;
    return isListed && this.contacts.get(account)?.isConfirmed === true ? account : undefined;
  }

  /** Whether they are, or were, in a group with this account, or told of one that is here. */
  isCoMember(account: AccountId): boolean {
    return [...this.conversations.values()].some(
      ({ kind, members, former, offeredBy }) =>
        kind === "group" && (members.includes(account) || former?.includes(account) === true || offeredBy === account),
    );
  }

  /** Whether this peer is of somebody who is not listened to. */
  isBlockedPeer(peer: PeerKey): boolean {
    const account = this.accountOfPeer(peer);
    if (account !== undefined && this.blocked.has(account)) return true;
    return [...this.blocked.values()].some((row) => row.peers.includes(peer));
  }

  isOwnDevice(device: DeviceId): boolean {
    return this.identity !== undefined && this.accountOfDevice(device) === this.identity.account;
  }

  /** Whether it is of somebody who is a member, or was one: what they wrote stays. */
  isMemberDevice(conversation: ConversationId, device: DeviceId): boolean {
    const account = this.accountOfDevice(device);
    const row = this.conversations.get(conversation);
    if (account === undefined || row === undefined) return false;
    return row.members.includes(account) || row.former?.includes(account) === true;
  }

  /** Whether this account may write in the conversation. */
  isIn(conversation: ConversationId): boolean {
    const account = this.identity?.account;
    return account !== undefined && (this.conversations.get(conversation)?.members.includes(account) ?? false);
  }

  /** The invite of this peer that was accepted here and is still to be proven. */
  openingTowards(peer: PeerKey): OpeningRow | undefined {
    return [...this.openings.values()].find((opening) => opening.peer === peer && opening.trouble === undefined);
  }

  /**
   * The devices that take part for an account. A device that replaced another of the same peer stands before it in the list; the
   * other one stays listed so that what it wrote can be verified.
   */
  currentDevices(account: AccountId): readonly DeviceId[] {
    const peers = new Set<PeerKey>();
    const current: DeviceId[] = [];
    for (const { device, peerKey } of this.devicesOf(account)?.devices ?? []) {
      if (peers.has(peerKey)) continue;
      peers.add(peerKey);
      current.push(device);
    }
    return current;
  }

  /** The device that takes part behind this peer. */
  deviceOfPeer(peer: PeerKey): DeviceId | undefined {
    const account = this.accountOfPeer(peer);
    const listed = account === undefined ? [] : (this.devicesOf(account)?.devices ?? []);
    return listed.find(({ peerKey }) => peerKey === peer)?.device;
  }

  /** The peer behind which a listed device is. */
  peerOfDevice(device: DeviceId): PeerKey | undefined {
    const account = this.accountOfDevice(device);
    const listed = account === undefined ? [] : (this.devicesOf(account)?.devices ?? []);
    return listed.find((candidate) => candidate.device === device)?.peerKey;
  }

  /** Who takes part in a conversation; linked devices of one's own are not among them yet. */
  rosterOf(conversation: ConversationId): Roster {
    const { self } = this;
    const row = this.conversations.get(conversation);
    const others = (row?.members ?? []).filter((member) => member !== self.account);
    return {
      self,
      // In a group nobody waits for whoever has no key yet: members hand them what they missed.
      needsAll: row?.kind !== "group",
      others: others.map((account) => ({ account, devices: this.currentDevices(account) })),
    };
  }

  conversationsOf(thread: ThreadId): ConversationRow[] {
    return [...this.conversations.values()].filter((conversation) => conversation.thread === thread);
  }

  /** Where new messages of a thread can go, best first: both sides prefer the conversation with the smallest id. */
  sharedConversations(thread: ThreadId): ConversationRow[] {
    return this.conversationsOf(thread)
      .filter((conversation) => conversation.isShared)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Best first, likewise. */
  conversationsWith(account: AccountId): ConversationRow[] {
    return [...this.conversations.values()]
      .filter(
        ({ isShared, members, former, offeredBy }) =>
          isShared && (members.includes(account) || former?.includes(account) === true || offeredBy === account),
      )
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }
}

/** What waits in a thread's outbox, as the store has it. */
export async function readPending(tx: ReadTransaction, thread: ThreadId): Promise<Pending> {
  const [count, [last]] = await Promise.all([
    tx.count("outbox", { prefix: [thread] }),
    tx.range("outbox", { prefix: [thread], reverse: true, limit: 1 }),
  ]);
  return last === undefined ? { count } : { count, last: last.value };
}

/** The thread in which direct conversations with this account are shown. */
export function directThread(account: AccountId): ThreadId {
  return account as string as ThreadId;
}
