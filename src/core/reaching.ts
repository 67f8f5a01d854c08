/** Tells contacts and members of common groups how this device can be reached now, and keeps what they tell: joins reach cards with links and transport. */
import { AskedMembers } from "./asked-members.ts";
import type { AccountId, PeerKey } from "./codec/ids.ts";
import { commonGroups } from "./conversations/co-members.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { groupNameOf } from "./conversations/group-thread-view.ts";
import { knownBehind } from "./conversations/group-peers.ts";
import { LastWays } from "./last-ways.ts";
import { ReachCards } from "./conversations/reach-cards.ts";
import { shownNameOf } from "./conversations/shown-names.ts";
import { Helping } from "./helping.ts";
import type { PeerPresence } from "./peer-presence.ts";
import type { RelayConditions } from "./relay-conditions.ts";
import { Allowances, type Cost, FREE } from "./sync/allowance.ts";
import { FRAME, type Frame } from "./sync/frames.ts";
import type { PeerLink } from "./sync/peer-link.ts";
import type { Path, RelayedBytes, Transport, WantedPeer } from "./transport/transport.ts";
import type { HelpsNow, MemberHelperView, RelayingView, SettingsView } from "./views.ts";
import { wantedPeers } from "./wanted-peers.ts";

/** Cards of one account that are verified. Paths come and go, but not for hours on end. */
const CARD_RATE = { burst: 30, perSecond: 0.2 };
const CARD_COST: Cost = { work: 1, bytes: 0 };

export interface ReachingEffects {
  /** Something is known now that changes whom to reach how. */
  rewant(): void;
  /** What this device does for others changed. */
  helpingChanged(): void;
}

export class Reaching {
  readonly cards: ReachCards;
  readonly ways: LastWays;
  readonly asked: AskedMembers;
  readonly #helping: Helping;
  readonly #presence: PeerPresence;
  readonly #core: CoreContext;
  readonly #transport: Transport;
  readonly #effects: ReachingEffects;
  readonly #rate: Allowances;
  /** Links to contacts and members, and whether a card came on them. */
  readonly #hasTold = new Map<PeerLink, boolean>();
  /** Links to members on which a card was sent. */
  readonly #isTold = new WeakSet<PeerLink>();
  #helpers: readonly PeerKey[] = [];
  #helps: HelpsNow = "nobody";

  constructor(
    core: CoreContext,
    transport: Transport,
    conditions: RelayConditions,
    presence: PeerPresence,
    effects: ReachingEffects,
  ) {
    this.#core = core;
    this.#presence = presence;
    this.#transport = transport;
    this.#effects = effects;
    this.#rate = new Allowances(core.clock, CARD_RATE);
    this.cards = new ReachCards(core);
    this.ways = new LastWays(core);
    this.asked = new AskedMembers({ core, cards: this.cards, presence, changed: () => effects.rewant() });
    this.#helping = new Helping(core, conditions, {
      setRules: (rules) => transport.setRelaying(rules),
      changed: (helps) => {
        const before = this.#helps;
        this.#helps = helps;
        this.review();
        if ((helps === "anyone") !== (before === "anyone")) effects.rewant();
        effects.helpingChanged();
      },
    });
  }

  onPath(peer: PeerKey, path: Path): void {
    this.#core.fireAndForget(this.ways.note(peer, path));
    this.asked.review();
  }

  get view(): RelayingView {
    return { ...this.#helping.view, helpedBy: this.#helpedBy() };
  }

  /** Before the transport starts. */
  async load(settings: SettingsView): Promise<void> {
    this.asked.allow(settings.asksMembers);
    await this.#helping.load(settings);
  }

  choose(settings: SettingsView): void {
    this.asked.allow(settings.asksMembers);
    this.#helping.choose(settings);
  }

  onRelayed(relayed: RelayedBytes): void {
    this.#helping.onRelayed(relayed);
  }

  /** Whom to reach now, and how. */
  wanted(): readonly WantedPeer[] {
    const help = { servesMembers: this.#helps === "anyone", isAsked: (peer: PeerKey) => this.asked.has(peer) };
    return wantedPeers(this.#core.directory, this, help, (peer) => this.#presence.isAway(peer));
  }

  setHelpers(helpers: readonly PeerKey[]): void {
    this.#helpers = helpers;
    this.review();
    this.#effects.helpingChanged();
  }

  /** What this device says of itself may have changed: contacts who are linked hear it. */
  review(): void {
    if (!this.#renew()) return;
    for (const link of this.#hasTold.keys()) this.#send(link);
  }

  onContact(link: PeerLink): void {
    this.#renew();
    this.#hasTold.set(link, false);
    this.#send(link);
  }

  onLinkClosed(link: PeerLink): void {
    this.#hasTold.delete(link);
  }

  /** @throws DecodeError */
  async onFrame(link: PeerLink, { payload }: Frame): Promise<Cost> {
    const account = this.#accountOf(link);
    if (account === undefined) return FREE;
    const isFirst = this.#hasTold.get(link) === false;
    if (isFirst) this.#hasTold.set(link, true);
    await this.#rate.spend(account, 1, () => link.isClosed);
    if (await this.cards.take(account, link.peer, payload, isFirst)) {
      this.asked.review();
      this.#effects.rewant();
    }
    return CARD_COST;
  }

  #renew(): boolean {
    if (this.#core.directory.identity === undefined) return false;
    return this.cards.change({
      helps: this.#helps,
      relays: this.#transport.ownRelays(),
      helpers: this.#helpers,
    });
  }

  #send(link: PeerLink): void {
    const account = this.#accountOf(link);
    if (account === undefined) return;
    const isContact = this.#core.directory.contactBehind(link.peer) !== undefined;
    if (!isContact && !this.cards.concernsMembers && !this.#isTold.has(link)) return;
    this.#isTold.add(link);
    link.send(FRAME.reachCard, 0, this.cards.ownFor(account));
  }

  #helpedBy(): readonly MemberHelperView[] {
    const { directory } = this.#core;
    return this.#helpers.flatMap((peer) => {
      const account = directory.accountOfPeer(peer);
      if (account === undefined || directory.contactBehind(peer) !== undefined) return [];
      const [group] = commonGroups(directory, account);
      return group === undefined ? [] : [{ name: shownNameOf(this.#core, account), group: groupNameOf(group) }];
    });
  }

  #accountOf(link: PeerLink): AccountId | undefined {
    return knownBehind(this.#core.directory, link.peer);
  }
}
