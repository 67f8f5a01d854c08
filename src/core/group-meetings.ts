/** Meeting the members of groups: they are looked for, told of groups that they do not know yet, and heard of through others. */
import { EMPTY_BYTES } from "./codec/bytes.ts";
import { DecodeError } from "./codec/decode-error.ts";
import type { AccountId, ConversationId, PeerKey } from "./codec/ids.ts";
import { decodeBundle } from "./conversations/bundle.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import type { FirstContact } from "./conversations/first-contact.ts";
import { readGroupOffer, readOffer, takeGroupOffer } from "./conversations/group-offer.ts";
import { knownBehind } from "./conversations/group-peers.ts";
import {
  endRequest,
  heldOffer,
  isAskedAbout,
  keepGroupOffer,
  putBack,
  type Teller,
} from "./conversations/group-requests.ts";
import { encodeIntroduction } from "./conversations/introduction.ts";
import { decodeClock } from "./conversations/statements.ts";
import { logName } from "./log/log-state.ts";
import { MemberLists } from "./member-lists.ts";
import { OperationCare } from "./operation-care.ts";
import { Allowances, type Cost } from "./sync/allowance.ts";
import { FRAME, type Frame } from "./sync/frames.ts";
import type { PeerLink } from "./sync/peer-link.ts";
import { numberOfStatement } from "./sync/statement-numbers.ts";
import type { Sync } from "./sync/sync.ts";

export interface GroupMeetingsEffects {
  /** Other peers may be wanted. */
  rewant(): void;
  /** This account has devices that this profile did not know. */
  onNewDevice(): void;
  onTaker(conversation: ConversationId): void;
  readonly firstContact: Pick<FirstContact, "relaysOf" | "updates">;
  /** A peer turned out to be of a blocked account. */
  blockedMet(peer: PeerKey, account: AccountId): void;
}

/** Offers of those who are no contacts, each with signatures to verify. */
const OFFER_RATE = { burst: 10, perSecond: 0.1 };
/** Of a contact: as many at once as are kept of one. */
const CONTACTS_OFFER_RATE = { burst: 64, perSecond: 1 };
const EVERYBODY = "everybody";

export class GroupMeetings {
  readonly lists: MemberLists;
  readonly operations: OperationCare;
  readonly #core: CoreContext;
  readonly #sync: () => Sync;
  readonly #effects: GroupMeetingsEffects;
  readonly #allowances: Allowances;
  readonly #contactsAllowances: Allowances;

  constructor(core: CoreContext, sync: () => Sync, effects: GroupMeetingsEffects) {
    this.#allowances = new Allowances(core.clock, OFFER_RATE);
    this.#contactsAllowances = new Allowances(core.clock, CONTACTS_OFFER_RATE);
    this.#core = core;
    this.#sync = sync;
    this.#effects = effects;
    this.operations = new OperationCare(core, sync, (conversation) => this.membersChanged(conversation));
    this.lists = new MemberLists(core, sync, {
      changed: (account) => this.#listChanged(account),
      ownChanged: () => effects.onNewDevice(),
    });
  }

  /** Whoever is connected already and is a member now is met in the group, too. */
  membersChanged(conversation: ConversationId): void {
    const { directory } = this.#core;
    const row = directory.conversations.get(conversation);
    if (row === undefined) return;
    this.#effects.rewant();
    this.#core.threadChanged(row.thread);
    for (const account of row.members) {
      for (const { peerKey } of directory.devicesOf(account)?.devices ?? []) {
        if (knownBehind(directory, peerKey) !== undefined) this.#sync().admit(peerKey);
        this.#core.fireAndForget(this.#sync().start(peerKey, conversation));
      }
    }
    this.#sync().gossip.membersChanged(conversation);
    this.#effects.onTaker(conversation);
  }

  /** A valid clock came: what its device has need not be passed on to it. */
  noteClock(conversation: ConversationId, bytes: Uint8Array): void {
    const { directory } = this.#core;
    const peer = directory.peerOfDevice(numberOfStatement(FRAME.clock, bytes).device);
    if (peer === undefined) return;
    // Of a large group few are connected, and the clocks of all come.
    if (this.#sync().gossip.peersIn(conversation).has(peer)) {
      const { marks } = decodeClock(bytes);
      const heights = new Map(marks.map((mark) => [logName(mark.device, mark.channel), mark.height]));
      this.#sync().noteHeights(conversation, peer, heights);
    }
    if (directory.conversations.get(conversation)?.kind === "group")
      void this.#sync().gossip.statementsChanged(conversation);
  }

  /** Device lists and operations, told or asked for by a member. @throws DecodeError */
  onFrame(conversation: ConversationId, peer: PeerKey, frame: Frame): Promise<Cost> {
    const care = frame.type <= FRAME.deviceList ? this.lists : this.operations;
    return care.onFrame(conversation, peer, frame);
  }

  #listChanged(account: AccountId): void {
    this.#effects.rewant();
    for (const { id, thread, members, former } of this.#core.directory.conversations.values()) {
      if (!members.includes(account) && former?.includes(account) !== true) continue;
      // What was passed over as of an unknown device can be taken now.
      void this.#sync().gossip.reconsider(id);
      this.#core.threadChanged(thread);
    }
  }

  /** A member does not know this group yet. */
  offer(link: PeerLink, conversation: ConversationId): void {
    const offering = readGroupOffer(this.#core, conversation).then((offer) => {
      if (offer !== undefined) link.send(FRAME.groupOffer, 0, offer);
    });
    this.#core.fireAndForget(offering);
  }

  /** @throws DecodeError */
  async onOffer(link: PeerLink, payload: Uint8Array): Promise<void> {
    const { directory } = this.#core;
    const account = directory.contactBehind(link.peer);
    const held = heldOffer(this.#core, payload);
    if (held !== undefined && (account === undefined || isAskedAbout(this.#core, held))) return;
    if (account === undefined) return this.#onStrangersOffer(link, payload);
    await this.#contactsAllowances.spend(account, 1, () => link.isClosed);
    if (link.isClosed) return;
    const { id } = readOffer(this.#core, payload);
    if (!directory.conversations.has(id) && isAskedAbout(this.#core, id)) return;
    const conversation = await takeGroupOffer(this.#core, account, payload);
    if (conversation === undefined) return;
    endRequest(this.#core, conversation);
    await this.#sync().start(link.peer, conversation);
  }

  /** Who tells of a group and is no contact has to wait for the person's decision. @throws DecodeError */
  async #onStrangersOffer(link: PeerLink, payload: Uint8Array): Promise<void> {
    const known = knownBehind(this.#core.directory, link.peer);
    await this.#allowances.spend(known ?? EVERYBODY, 1, () => link.isClosed);
    if (link.isClosed) return;
    const { id } = readOffer(this.#core, payload);
    const { directory } = this.#core;
    if (known !== undefined && directory.conversations.has(id)) return this.#sync().start(link.peer, id);
    const teller = known === undefined ? this.#stranger(link) : this.#coMember(known);
    if (teller === undefined) return;
    // Somebody who is away may have made them a member, and they bring the proof. As a guest they have ten seconds for it.
    if (directory.isIn(id)) await this.#sync().start(link.peer, id, true);
    else await keepGroupOffer(this.#core, teller, payload);
  }

  #coMember(account: AccountId): Teller {
    const { directory } = this.#core;
    const name = directory.acquaintances.get(account)?.name ?? "";
    const list = directory.devicesOf(account);
    return {
      account,
      name,
      peers: list?.devices.map(({ peerKey }) => peerKey) ?? [],
      introduction: list === undefined ? EMPTY_BYTES : encodeIntroduction(list.bytes, name),
      relays: directory.acquaintances.get(account)?.relays ?? [],
    };
  }

  /** Whoever says who they are and is behind this link. Nobody else can add anybody. @throws DecodeError */
  #stranger(link: PeerLink): Teller | undefined {
    const bytes = this.#effects.firstContact.updates.strangersBundle(link);
    if (bytes === undefined) return undefined;
    const { account, list, listBytes, profile } = decodeBundle(this.#core.suite, bytes);
    this.#core.directory.checkDevices(account, list);
    const peers = list.devices.map(({ peerKey }) => peerKey);
    if (!peers.includes(link.peer)) throw new DecodeError("bundle of another peer");
    if (this.#core.directory.blocked.has(account)) {
      this.#effects.blockedMet(link.peer, account);
      return undefined;
    }
    const introduction = encodeIntroduction(listBytes, profile.name);
    return {
      account,
      name: profile.name,
      peers,
      introduction,
      relays: this.#effects.firstContact.relaysOf(link).slice(0, 2),
    };
  }

  /** A contact told of a group to which somebody else added this account: the person is asked first. */
  async putBack(conversation: ConversationId, addedBy: AccountId): Promise<void> {
    await putBack(this.#core, conversation, addedBy);
    this.left(conversation);
  }

  /** It left this device. */
  left(conversation: ConversationId): void {
    this.#sync().end(conversation);
    this.#effects.rewant();
  }

  /** The person accepted: whoever told of it or founded it is met at once if they are here. */
  async joined(teller: AccountId, conversation: ConversationId): Promise<void> {
    this.#effects.rewant();
    for (const account of [teller, ...(this.#core.directory.conversations.get(conversation)?.members ?? [])]) {
      for (const { peerKey } of this.#core.directory.devicesOf(account)?.devices ?? []) {
        this.#sync().admit(peerKey);
        await this.#sync().start(peerKey, conversation);
      }
    }
  }
}
