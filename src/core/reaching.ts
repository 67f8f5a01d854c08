/** Tells contacts how this device can be reached now, and keeps what they tell: joins reach cards with links and transport. */
import type { AccountId, PeerKey } from "./codec/ids.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { LastWays } from "./last-ways.ts";
import { ReachCards } from "./conversations/reach-cards.ts";
import { Helping } from "./helping.ts";
import type { RelayConditions } from "./relay-conditions.ts";
import { Allowances, type Cost, FREE } from "./sync/allowance.ts";
import { FRAME, type Frame } from "./sync/frames.ts";
import type { PeerLink } from "./sync/peer-link.ts";
import type { Path, Transport } from "./transport/transport.ts";

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
  readonly helping: Helping;
  readonly ways: LastWays;
  readonly #core: CoreContext;
  readonly #transport: Transport;
  readonly #effects: ReachingEffects;
  readonly #rate: Allowances;
  /** Links to contacts, and whether a card came on them. */
  readonly #hasTold = new Map<PeerLink, boolean>();
  #helpers: readonly PeerKey[] = [];
  #helps = false;

  constructor(core: CoreContext, transport: Transport, conditions: RelayConditions, effects: ReachingEffects) {
    this.#core = core;
    this.#transport = transport;
    this.#effects = effects;
    this.#rate = new Allowances(core.clock, CARD_RATE);
    this.cards = new ReachCards(core);
    this.ways = new LastWays(core);
    this.helping = new Helping(core, conditions, {
      setRules: (rules) => transport.setRelaying(rules),
      changed: (helps) => {
        this.#helps = helps;
        this.review();
        effects.helpingChanged();
      },
    });
  }

  onPath(peer: PeerKey, path: Path): void {
    this.#core.fireAndForget(this.ways.note(peer, path));
  }

  setHelpers(helpers: readonly PeerKey[]): void {
    this.#helpers = helpers;
    this.review();
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
    if (await this.cards.take(account, link.peer, payload, isFirst)) this.#effects.rewant();
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
    if (account !== undefined) link.send(FRAME.reachCard, 0, this.cards.ownFor(account));
  }

  #accountOf(link: PeerLink): AccountId | undefined {
    return this.#core.directory.contactBehind(link.peer);
  }
}
