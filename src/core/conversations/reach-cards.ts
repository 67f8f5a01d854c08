/** Reach cards held and given: the own one as each contact gets it, and the newest of every device of a contact, kept in its row. */
import type { AccountId, DeviceId, PeerKey } from "../codec/ids.ts";
import type { ReachRow } from "../store/people-tables.ts";
import { changeContact } from "./contact-rows.ts";
import type { CoreContext } from "./core-context.ts";
import { decodeReachCard, deviceOfReachCard, encodeReachCard, helperMark } from "./reach-card.ts";

/** How this device can be reached now, and whether it relays for its contacts. */
export interface OwnReach {
  readonly helps: boolean;
  readonly relays: readonly string[];
  readonly helpers: readonly PeerKey[];
}

/** What is known of how a peer can be reached. */
export interface KnownReach {
  readonly relays: readonly string[];
  /** Those of its helpers whom this device knows. */
  readonly helpers: readonly PeerKey[];
  readonly canHelp: boolean;
}

export class ReachCards {
  readonly #core: CoreContext;
  /** Marks for this account, by peer. */
  readonly #marks = new Map<PeerKey, string>();
  #own: OwnReach = { helps: false, relays: [], helpers: [] };
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

  ownFor(holder: AccountId): Uint8Array {
    const { directory, suite } = this.#core;
    const { device, logSeed } = directory.self;
    const { helps, relays, helpers } = this.#own;
    const listed = new Set((directory.devicesOf(holder)?.devices ?? []).map(({ peerKey }) => peerKey));
    const marks = helpers.filter((helper) => !listed.has(helper)).map((helper) => helperMark(suite, helper, holder));
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
    const held = this.#rowOf(account, device);
    const expected = { device, logKey, holder: directory.self.account };
    const { number, helps, relays, helpers } = decodeReachCard(suite, expected, bytes);
    if (held !== undefined && number <= held.number && !(isFirst && number < held.number)) return false;
    const row: ReachRow = { device, number, helps, relays, helpers };
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
    return { relays, helpers: row === undefined ? [] : this.#named(row.helpers), canHelp: row?.helps === true };
  }

  #rowOf(account: AccountId, device: DeviceId): ReachRow | undefined {
    return this.#core.directory.contacts.get(account)?.reach?.find((row) => row.device === device);
  }

  #isListed(account: AccountId, device: DeviceId, replaced: DeviceId): boolean {
    const listed = this.#core.directory.devicesOf(account)?.devices ?? [];
    return device !== replaced && listed.some((candidate) => candidate.device === device);
  }

  /** Only contacts are linked directly, so only they can be asked for a way. */
  #named(marks: readonly string[]): readonly PeerKey[] {
    if (marks.length === 0) return [];
    const { directory, suite } = this.#core;
    const peerByMark = new Map<string, PeerKey>();
    for (const { account, isConfirmed } of directory.contacts.values()) {
      if (!isConfirmed || directory.blocked.has(account)) continue;
      for (const { peerKey } of directory.devicesOf(account)?.devices ?? []) {
        let mark = this.#marks.get(peerKey);
        if (mark === undefined) {
          this.#marks.set(peerKey, (mark = helperMark(suite, peerKey, directory.self.account)));
        }
        peerByMark.set(mark, peerKey);
      }
    }
    return marks.flatMap((mark) => peerByMark.get(mark) ?? []);
  }
}

function isSame(a: OwnReach, b: OwnReach): boolean {
  return a.helps === b.helps && a.relays.join(" ") === b.relays.join(" ") && a.helpers.join() === b.helpers.join();
}

function isSameRow(a: ReachRow, b: ReachRow): boolean {
  return a.helps === b.helps && a.relays.join(" ") === b.relays.join(" ") && a.helpers.join() === b.helpers.join();
}
