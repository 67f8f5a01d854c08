/**
 * Reach cards held and given: the own one as each contact or member of a common group gets it, and the newest of every device, of a
 * contact kept in its row, of a member in memory.
 */
import type { AccountId, DeviceId, PeerKey } from "../codec/ids.ts";
import type { ReachRow } from "../store/people-tables.ts";
import { changeContact } from "./contact-rows.ts";
import type { CoreContext } from "./core-context.ts";
import type { HelpsNow } from "../views.ts";
import { knownBehind } from "./group-peers.ts";
import { decodeReachCard, deviceOfReachCard, encodeReachCard, helperMark } from "./reach-card.ts";

/** Cards of members who are no contacts; the oldest go. */
const MAX_MEMBER_CARDS = 256;
/** Marks of earlier cards that are kept. */
const MAX_EARLIER = 8;

/** How this device can be reached now, and for whom it relays. */
export interface OwnReach {
  readonly helps: HelpsNow;
  readonly relays: readonly string[];
  readonly helpers: readonly PeerKey[];
}

/** What is known of how a peer can be reached. */
export interface KnownReach {
  readonly relays: readonly string[];
  /** Those of its helpers whom this device knows. */
  readonly helpers: readonly PeerKey[];
  /** Those that it named before, and that help now: a card that says so may be what cannot get here. */
  readonly mayHelp: readonly PeerKey[];
  readonly canHelp: boolean;
}

export class ReachCards {
  readonly #core: CoreContext;
  /** Marks for this account, by peer. */
  readonly #marks = new Map<PeerKey, string>();
  readonly #ofMembers = new Map<PeerKey, ReachRow>();
  #own: OwnReach = { helps: "nobody", relays: [], helpers: [] };
  #number = 0;

  constructor(core: CoreContext) {
    this.#core = core;
  }

  /** Whether this is something else than what cards say now. */
  change(own: OwnReach): boolean {
    if (this.#number > 0 && isSame(own, this.#own)) return false;
    this.#own = own;
    // A clock that was set back: what comes first on a link counts in any case.
    this.#number = Math.max(this.#number + 1, this.#core.clock.now());
    return true;
  }

  /** Whether cards tell members who are no contacts more than what they know of relays. */
  get concernsMembers(): boolean {
    return this.#own.helps === "anyone" || this.#own.helpers.some((helper) => this.#isMember(helper));
  }

  ownFor(holder: AccountId): Uint8Array {
    const { directory, suite } = this.#core;
    const { device, logSeed } = directory.self;
    const { relays, helpers } = this.#own;
    const isContact = directory.contacts.get(holder)?.isConfirmed === true;
    const helps = this.#own.helps === "anyone" || (isContact && this.#own.helps === "contacts");
    const listed = new Set((directory.devicesOf(holder)?.devices ?? []).map(({ peerKey }) => peerKey));
    // Which contacts help would tell members who knows whom.
    const shown = helpers.filter((helper) => !listed.has(helper) && (isContact || this.#isMember(helper)));
    const marks = shown.map((helper) => helperMark(suite, helper, holder));
    return encodeReachCard(suite, logSeed, { device, number: this.#number, holder, helps, relays, helpers: marks });
  }

  /**
   * Takes the card of the device behind this peer in; whether it told something new. The first on a link counts whatever its number, since
   * the device says now what holds.
   * @throws DecodeError
   */
  async take(account: AccountId, peer: PeerKey, bytes: Uint8Array, isFirst: boolean): Promise<boolean> {
    const { directory, suite } = this.#core;
    const device = directory.deviceOfPeer(peer);
    const logKey = device === undefined ? undefined : directory.logKeyOf(device);
    if (device === undefined || logKey === undefined) return false;
    // Their list may be another than the one held here: a card of a device that is not on it is passed over.
    if (deviceOfReachCard(bytes) !== device) return false;
    const isContact = directory.contactBehind(peer) !== undefined;
    const held = isContact ? this.#rowOf(account, device) : this.#ofMembers.get(peer);
    const expected = { device, logKey, holder: directory.self.account };
    const { number, helps, relays, helpers } = decodeReachCard(suite, expected, bytes);
    if (held !== undefined && number <= held.number && !(isFirst && number < held.number)) return false;
    const row: ReachRow = { device, number, helps, relays, helpers, ...earlierThan(helpers, held) };
    if (!isContact) this.#keepOfMember(peer, row);
    else
      await changeContact(this.#core, account, "relaxed", (contact) => ({
        ...contact,
        reach: [...(contact.reach ?? []).filter((other) => this.#isListed(account, other.device, device)), row],
      }));
    return held === undefined || !isSameRow(held, row);
  }

  /** How a listed peer of a contact can be reached, as its device last said. */
  of(account: AccountId, device: DeviceId): KnownReach {
    const contact = this.#core.directory.contacts.get(account);
    const row = this.#rowOf(account, device);
    const relays = row === undefined || row.relays.length === 0 ? (contact?.relays ?? []) : row.relays;
    return {
      relays,
      helpers: this.#named(row?.helpers ?? []),
      mayHelp: this.#named(row?.earlier ?? []).filter((peer) => this.#isHelping(peer)),
      canHelp: row?.helps === true,
    };
  }

  /** How a member's peer can be reached, if its device said so since this app started. */
  ofMember(peer: PeerKey): Pick<KnownReach, "relays" | "helpers"> | undefined {
    const row = this.#ofMembers.get(peer);
    return row === undefined ? undefined : { relays: row.relays, helpers: this.#named(row.helpers) };
  }

  /** Peers of members, no contacts, who say that they relay for this device. */
  helpingMembers(): readonly PeerKey[] {
    const { directory } = this.#core;
    return [...this.#ofMembers]
      .filter(([peer, { helps }]) => helps && directory.contactBehind(peer) === undefined)
      .map(([peer]) => peer)
      .filter((peer) => knownBehind(directory, peer) !== undefined);
  }

  /** Whether the card of the device at this peer says so. */
  #isHelping(peer: PeerKey): boolean {
    const { directory } = this.#core;
    const [account, device] = [directory.contactBehind(peer), directory.deviceOfPeer(peer)];
    const row =
      account === undefined || device === undefined ? this.#ofMembers.get(peer) : this.#rowOf(account, device);
    return row?.helps === true;
  }

  #isMember(helper: PeerKey): boolean {
    return this.#core.directory.contactBehind(helper) === undefined;
  }

  #keepOfMember(peer: PeerKey, row: ReachRow): void {
    this.#ofMembers.delete(peer);
    this.#ofMembers.set(peer, row);
    for (const oldest of [...this.#ofMembers.keys()].slice(0, -MAX_MEMBER_CARDS)) this.#ofMembers.delete(oldest);
  }

  #rowOf(account: AccountId, device: DeviceId): ReachRow | undefined {
    return this.#core.directory.contacts.get(account)?.reach?.find((row) => row.device === device);
  }

  #isListed(account: AccountId, device: DeviceId, replaced: DeviceId): boolean {
    const listed = this.#core.directory.devicesOf(account)?.devices ?? [];
    return device !== replaced && listed.some((candidate) => candidate.device === device);
  }

  /** Only contacts and members who help can be linked directly, so only they can be asked for a way. */
  #named(marks: readonly string[]): readonly PeerKey[] {
    if (marks.length === 0) return [];
    const { directory } = this.#core;
    const peerByMark = new Map<string, PeerKey>();
    for (const { account, isConfirmed } of directory.contacts.values()) {
      if (!isConfirmed || directory.blocked.has(account)) continue;
      for (const { peerKey } of directory.devicesOf(account)?.devices ?? []) {
        peerByMark.set(this.#markOf(peerKey), peerKey);
      }
    }
    for (const peer of this.helpingMembers()) peerByMark.set(this.#markOf(peer), peer);
    return marks.flatMap((mark) => peerByMark.get(mark) ?? []);
  }

  #markOf(peer: PeerKey): string {
    const { directory, suite } = this.#core;
    const held = this.#marks.get(peer) ?? helperMark(suite, peer, directory.self.account);
    this.#marks.set(peer, held);
    return held;
  }
}

function earlierThan(helpers: readonly string[], held: ReachRow | undefined): Pick<ReachRow, "earlier"> {
  const before = new Set([...(held?.helpers ?? []), ...(held?.earlier ?? [])]);
  for (const mark of helpers) before.delete(mark);
  return before.size === 0 ? {} : { earlier: [...before].slice(0, MAX_EARLIER) };
}

function isSame(a: OwnReach, b: OwnReach): boolean {
  return a.helps === b.helps && a.relays.join(" ") === b.relays.join(" ") && a.helpers.join() === b.helpers.join();
}

function isSameRow(a: ReachRow, b: ReachRow): boolean {
  return a.helps === b.helps && a.relays.join(" ") === b.relays.join(" ") && a.helpers.join() === b.helpers.join();
}
