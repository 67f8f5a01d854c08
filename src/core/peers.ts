/** Between conversations and transport: which peers are wanted, their links and sessions, first contact, and how they are reached. */
import type { AccountId, ConversationId, InviteId, PeerKey, ThreadId } from "./codec/ids.ts";
import type { Release } from "./codec/release.ts";
import { changeAcquaintance } from "./conversations/acquaintances.ts";
import { noteBlockedPeer } from "./conversations/blocking.ts";
import { isInLargeGroup } from "./conversations/co-members.ts";
import { changeContact } from "./conversations/contact-rows.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { FirstContact } from "./conversations/first-contact.ts";
import { isOnHold } from "./conversations/contact-trust.ts";
import { Verifying } from "./conversations/verifying.ts";
import type { NewRead } from "./conversations/reading.ts";
import type { ServedEntry } from "./log/serve.ts";
import { type CourierHostEffects, createCouriers } from "./courier-host.ts";
import type { Couriers } from "./couriers/couriers.ts";
import { GroupMeetings } from "./group-meetings.ts";
import { KeyCare } from "./key-care.ts";
import { threadsOfPeer, threadsWith } from "./conversations/shared-threads.ts";
import { PeerPresence } from "./peer-presence.ts";
import { Reaching } from "./reaching.ts";
import type { RelayConditions } from "./relay-conditions.ts";
import { createSyncHost } from "./sync-host.ts";
import { FRAME } from "./sync/frames.ts";
import { Sync } from "./sync/sync.ts";
import { MISBEHAVIOUR_REFUSE_MS, STORE_TROUBLE_REFUSE_MS, turnAway } from "./turning-away.ts";
import type { Transport, TransportHandlers } from "./transport/transport.ts";
import type { NetworkView } from "./views.ts";

export interface PeersEffects extends CourierHostEffects {
  onInviteAccepted(invite: InviteId, thread: ThreadId): void;
}

export class Peers {
  readonly presence = new PeerPresence();
  readonly verifying: Verifying;
  readonly couriers: Couriers;
  readonly groups: GroupMeetings;
  readonly reaching: Reaching;
  readonly #core: CoreContext;
  readonly #transport: Transport;
  readonly #ownRelease: () => Promise<Release | undefined>;
  readonly #firstContact: FirstContact;
  readonly #sync: Sync;
  readonly #keys: KeyCare;
  readonly #effects: PeersEffects;
  #network: NetworkView = { reachability: { kind: "connecting", tried: 0 }, relays: [] };
  #starting: Promise<void> | undefined;

  /** `ownRelease` never rejects. */
  constructor(
    core: CoreContext,
    transport: Transport,
    ownRelease: () => Promise<Release | undefined>,
    conditions: RelayConditions,
    effects: PeersEffects,
  ) {
    this.#core = core;
    this.#ownRelease = ownRelease;
    this.#transport = transport;
    this.#effects = effects;
    const blockedMet = (peer: PeerKey, account: AccountId): void => {
      const noting = noteBlockedPeer(core, account, peer);
      this.blockedChanged();
      core.fireAndForget(noting);
    };
    this.#firstContact = new FirstContact(core, {
      admitted: (link, account, claimed) => {
        this.#sync.admit(link.peer);
        this.presence.heard(account, core.clock.now());
        this.#contactsChanged();
        if (claimed !== undefined) core.fireAndForget(this.#sync.start(link.peer, claimed));
      },
      inviteAccepted: (invite, thread) => effects.onInviteAccepted(invite, thread),
      openingChanged: () => this.#contactsChanged(),
      contactChanged: () => this.#contactsChanged(),
      ownDevicesChanged: () => this.#devicesChanged(),
      refuse: (peer, forMs) => transport.refuse(peer, forMs),
      blockedMet,
    });
    this.#keys = new KeyCare(core, () => this.#sync, {
      hasTaker: (conversation) => this.hasTaker(conversation),
      onTaker: (conversation) => effects.onTaker(conversation),
      hasRoomFor: (bytes) => effects.hasRoomFor(bytes),
    });
    this.groups = new GroupMeetings(core, () => this.#sync, {
      rewant: () => this.rewant(),
      onNewDevice: () => this.#devicesChanged(),
      onTaker: (conversation) => effects.onTaker(conversation),
      firstContact: this.#firstContact,
      blockedMet,
    });
    this.reaching = new Reaching(core, transport, conditions, this.presence, {
      rewant: () => this.rewant(),
      helpingChanged: () => this.#networkChanged({}),
    });
    this.verifying = new Verifying(core, (peer) => this.#sync.linksTo(peer));
    const host = createSyncHost({
      core,
      verifying: this.verifying,
      firstContact: this.#firstContact,
      sync: () => this.#sync,
      couriers: () => this.couriers,
      reaching: this.reaching,
      ownRelays: () => transport.ownRelays(),
      ownRelease,
      onRelease: (peer, release) => core.fireAndForget(this.#compareCopies(peer, release)),
      onHeard: (account) => this.presence.heard(account, core.clock.now()),
      onContactLinkClosed: (account) => {
        core.fireAndForget(this.#saveLastHeard(account));
        for (const thread of threadsWith(core.directory, account)) core.threadChanged(thread);
      },
      onMisbehaviour: (peer) => transport.refuse(peer, MISBEHAVIOUR_REFUSE_MS),
      onStoreTrouble: (peer) => transport.refuse(peer, STORE_TROUBLE_REFUSE_MS),
      onNewDevice: () => this.#devicesChanged(),
      keys: this.#keys,
      groups: this.groups,
    });
    this.couriers = createCouriers(core, host, this.#keys, this.presence, effects);
    this.#sync = new Sync(host, core.clock);
  }

  get network(): NetworkView {
    return this.#network;
  }

  async start(): Promise<void> {
    this.rewant();
    this.#starting = this.#transport.start(this.#core.directory.self.peerSeed, this.#handlers());
    await this.#starting;
  }

  async stop(): Promise<void> {
    this.#sync.closeAll();
    await this.#transport.stop();
    this.presence.clear();
  }

  /** The relays to name in an invite. Which those are is known once the network was configured. */
  async ownRelays(): Promise<readonly string[]> {
    await this.#starting?.catch(() => undefined);
    return this.#transport.ownRelays();
  }

  /** Nobody takes anything while a fork of the account waits for the person's decision. */
  hasTaker(conversation: ConversationId): boolean {
    const { conversations, contacts } = this.#core.directory;
    const members = conversations.get(conversation)?.members ?? [];
    return !members.some((member) => isOnHold(contacts.get(member))) && this.#sync.hasTaker(conversation);
  }

  isSettled(conversation: ConversationId): boolean {
    return this.#keys.isSettled(conversation);
  }

  rekey(conversation: ConversationId): Promise<boolean> {
    return this.#keys.rekey(conversation);
  }

  isMet(conversation: ConversationId): boolean {
    return this.#sync.isMet(conversation);
  }

  committed(conversation: ConversationId, entries: readonly ServedEntry[]): void {
    this.#sync.committed(conversation, entries);
    this.couriers.written(conversation);
  }

  readonly waits = (conversation: ConversationId): void => this.couriers.written(conversation);

  readonly hasCourier = (conversation: ConversationId): boolean => this.couriers.hasCourier(conversation);

  tellRead(statements: readonly NewRead[]): void {
    for (const { conversation, bytes } of statements) this.#sync.broadcast(conversation, FRAME.sealedRead, bytes);
  }

  /** Which peers a contact has, known or awaited: to be asked before they are forgotten. */
  peersOf(account: AccountId): readonly PeerKey[] {
    const { directory } = this.#core;
    const awaited = directory.openings.get(account)?.peer;
    const listed = directory.devicesOf(account)?.devices.map(({ peerKey }) => peerKey) ?? [];
    return awaited === undefined ? listed : [...listed, awaited];
  }

  /** The blocked accounts changed: links to them end, those to whom it no longer applies are reached again. */
  blockedChanged(): void {
    const { directory } = this.#core;
    this.couriers.reviewSoon();
    for (const { peers } of directory.blocked.values()) {
      for (const peer of peers) {
        for (const link of this.#sync.linksTo(peer)) link.close();
        this.presence.setPath(peer, { kind: "away" });
      }
    }
    this.rewant();
  }

  /** A fork of this account was settled: what waited may leave. */
  settled(account: AccountId): void {
    for (const { id } of this.#core.directory.conversationsWith(account)) this.#effects.onTaker(id);
    this.#contactsChanged();
  }

  /** These peers are no longer wanted: their links end, and nothing more is taken from them. */
  leave(peers: readonly PeerKey[]): void {
    for (const peer of peers) for (const link of this.#sync.linksTo(peer)) link.close();
    this.rewant();
  }

  /** An invite of this peer was accepted: claimed at once if a link is there already. */
  claim(peer: PeerKey): void {
    this.rewant();
    for (const link of this.#sync.linksTo(peer)) this.#core.fireAndForget(this.#firstContact.claimNow(link));
  }

  /** A member of a common group is to become a contact: asked at once if a link is there already. */
  ask(account: AccountId): void {
    this.rewant();
    for (const peer of this.peersOf(account)) {
      for (const link of this.#sync.linksTo(peer)) this.#core.fireAndForget(this.#firstContact.askAgain(link));
    }
  }

  /** A change of a group was committed here: told to those who are connected, and met with those who are new. */
  groupChanged(conversation: ConversationId, entries: readonly ServedEntry[]): void {
    this.#sync.committed(conversation, entries);
    this.groups.membersChanged(conversation);
  }

  /** Own name or devices changed. */
  tellContacts(): void {
    const { directory } = this.#core;
    for (const account of new Set([...directory.contacts.keys(), ...directory.acquaintances.keys()])) {
      for (const { peerKey } of directory.devicesOf(account)?.devices ?? []) {
        for (const link of this.#sync.linksTo(peerKey)) this.#firstContact.sendBundle(link);
      }
    }
  }

  /** Tells the transport whom to reach: contacts, and inviters that have not been met yet. */
  rewant(): void {
    const { directory } = this.#core;
    const wanted = this.reaching.wanted();
    this.presence.keepOnly(new Set(wanted.map(({ peer }) => peer)));
    this.#transport.block([...directory.blocked.values()].flatMap(({ peers }) => peers));
    this.#transport.want(wanted);
  }

  #handlers(): TransportHandlers {
    return {
      onLink: (link) => (this.#core.directory.isBlockedPeer(link.peer) ? turnAway(link) : this.#sync.addLink(link)),
      onPath: (peer, path) => {
        const wasAway = this.presence.isAway(peer);
        this.presence.setPath(peer, path);
        this.reaching.onPath(peer, path);
        if (this.presence.isAway(peer) !== wasAway && isInLargeGroup(this.#core.directory, peer)) this.rewant();
        for (const thread of threadsOfPeer(this.#core.directory, peer)) this.#core.threadChanged(thread);
      },
      onReachability: (reachability, relays) => {
        this.#networkChanged({ reachability, relays });
        this.reaching.review();
      },
      onHelpers: (helpers) => this.reaching.setHelpers(helpers),
      onRelayed: (relayed) => this.reaching.onRelayed(relayed),
    };
  }

  #networkChanged(change: Partial<NetworkView>): void {
    this.#network = { ...this.#network, ...change, relaying: this.reaching.view };
    this.#core.emit({ type: "network", network: this.#network });
  }

  /** Contacts hear of a new device before anything that it writes. */
  #devicesChanged(): void {
    this.tellContacts();
    this.#keys.onNewDevice();
    this.couriers.reviewSoon();
  }

  /** Every row may look different: which names need a tag depends on all of them. */
  #contactsChanged(): void {
    this.rewant();
    for (const thread of this.#core.directory.threads.keys()) this.#core.threadChanged(thread);
  }

  /** Another version is no alarm: people update at different times. */
  async #compareCopies(peer: PeerKey, theirs: Release): Promise<void> {
    const own = await this.#ownRelease();
    const isDiffering = own?.version === theirs.version && own.fingerprint !== theirs.fingerprint;
    this.presence.setDifferingCopy(peer, isDiffering ? theirs : undefined);
    for (const thread of threadsOfPeer(this.#core.directory, peer)) this.#core.threadChanged(thread);
  }

  async #saveLastHeard(account: AccountId): Promise<void> {
    const lastHeard = this.presence.lastHeardOf(account);
    if (lastHeard === undefined) return;
    if (!this.#core.directory.contacts.has(account)) return changeAcquaintance(this.#core, account, { lastHeard });
    await changeContact(this.#core, account, "relaxed", (held) => ({ ...held, lastHeard }));
  }
}
