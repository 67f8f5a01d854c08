/**
 * What contacts carry for each other (PROTOCOL, Couriers): joins cards, own deposits, parcels of others and parcels for this device with
 * the links to contacts. Frames are dealt with one at a time for each link.
 */
import type { AccountId, ConversationId } from "../codec/ids.ts";
import { isOnHold } from "../conversations/contact-trust.ts";
import type { CoreContext } from "../conversations/core-context.ts";
import { Allowances, type Cost, FREE } from "../sync/allowance.ts";
import { FRAME, type Frame } from "../sync/frames.ts";
import type { PeerLink } from "../sync/peer-link.ts";
import { Cards } from "./cards.ts";
import { Carrying } from "./carrying.ts";
import { decodeCardHeld, decodeDepositAnswer, decodeReceiptNoted, encodeCardHeld } from "./courier-frames.ts";
import { Depositing } from "./depositing.ts";
import { HandingOver } from "./handing-over.ts";
import { ParcelLinks } from "./parcel-links.ts";
import { ParcelDesk } from "./parcel-desk.ts";
import type { PickupEffects } from "./pickup.ts";

/** A contact without a link is away after this long: pages are reloaded, and paths change. */
const AWAY_MS = 5_000;
/** What is written in this time goes into one parcel. */
const GATHER_MS = 1_000;
/** Cards to verify. */
const CARD_RATE = { burst: 20, perSecond: 0.2 };
/** To verify, or to sign. */
const CARD_COST: Cost = { work: 4, bytes: 0 };
const NOTE_COST: Cost = { work: 1, bytes: 0 };
const RECEIPT_COST: Cost = { work: 3, bytes: 0 };

export interface CouriersEffects extends PickupEffects {
  lastHeardOf(account: AccountId): number | undefined;
  /** What waits in this conversation may leave. */
  onTaker(conversation: ConversationId): void;
  /** Whether this device may append entries here: it was compared with a member's since the start. */
  isSettled(conversation: ConversationId): boolean;
  /** Whether so many bytes could be stored now. */
  hasRoomFor(bytes: number): Promise<boolean>;
}

export class Couriers {
  readonly #core: CoreContext;
  readonly #effects: CouriersEffects;
  readonly #cards: Cards;
  readonly #carrying: Carrying;
  readonly #depositing: Depositing;
  readonly #links = new ParcelLinks();
  readonly #cardRate: Allowances;
  readonly #desk: ParcelDesk;
  readonly #handing: HandingOver;
  /** Monotonic, of the last link that ended. */
  readonly #leftAtMs = new Map<AccountId, number>();
  readonly #startedAtMs: number;
  readonly #gathering = new Set<AccountId>();
  #carries = true;

  constructor(core: CoreContext, effects: CouriersEffects) {
    this.#core = core;
    this.#effects = effects;
    this.#startedAtMs = core.clock.monotonic();
    this.#cardRate = new Allowances(core.clock, CARD_RATE);
    this.#cards = new Cards(core, (account) => effects.lastHeardOf(account));
    this.#carrying = new Carrying(core, this.#cards, {
      carries: () => this.#carries,
      hasRoomFor: (bytes) => effects.hasRoomFor(bytes),
    });
    const linkTo = (account: AccountId): PeerLink | undefined => this.#linkTo(account);
    const [cards, carrying, links] = [this.#cards, this.#carrying, this.#links];
    this.#handing = new HandingOver(carrying, linkTo);
    this.#desk = new ParcelDesk({ core, cards, carrying, links, linkTo, handing: this.#handing, pickup: effects });
    this.#depositing = new Depositing(core, this.#cards, {
      linkTo,
      isAway: (account) => this.#isAway(account),
      isSettled: (conversation) => effects.isSettled(conversation),
      onClock: (conversation, bytes) => effects.onClock(conversation, bytes),
    });
  }

  /** Before any link. */
  async load(carries: boolean): Promise<void> {
    this.#carries = carries;
    await Promise.all([this.#cards.load(), this.#carrying.load(), this.#depositing.deposits.load()]);
    // Writes: nobody waits for that at a start, least of all on a full disk.
    this.reviewSoon();
    this.#core.fireAndForget(this.#leaveFromBefore());
  }

  /** What lies here for others. */
  get used(): { readonly parcels: number; readonly bytes: number } {
    return this.#carrying.used;
  }

  /** Whether a message of this conversation could be left with somebody now. */
  hasCourier(conversation: ConversationId): boolean {
    const recipient = this.#recipientOf(conversation);
    if (recipient === undefined || isOnHold(this.#core.directory.contacts.get(recipient))) return false;
    return this.#depositing.hasCourier(recipient);
  }

  /** The person chose for whom this device carries. */
  async setCarries(carries: boolean): Promise<void> {
    this.#carries = carries;
    await this.review();
  }

  /** Without anybody waiting. */
  reviewSoon(): void {
    this.#core.fireAndForget(this.review());
  }

  /** Contacts, blocks or a choice changed: gives up what may no longer lie here or there, and tells a new card. */
  async review(): Promise<void> {
    if (this.#core.directory.identity === undefined) return;
    await this.#carrying.tidy();
    await this.#depositing.deposits.tidy((account) => this.#cards.isContact(account));
    await this.#renewCard();
    for (const link of this.#links.all()) {
      const account = this.#accountOf(link);
      if (account !== undefined) await this.#desk.bringReceipts(link, account);
    }
  }

  /** Nothing of this account stays. */
  async forget(account: AccountId): Promise<void> {
    this.#cards.forget(account);
    await this.review();
  }

  /** The peer behind this link is a contact, and frames can be sent. */
  onContact(link: PeerLink): void {
    const account = this.#accountOf(link);
    if (account === undefined) return;
    this.#links.add(link);
    this.#core.fireAndForget(this.#begin(link, account));
  }

  onLinkClosed(link: PeerLink): void {
    this.#links.remove(link);
    this.#desk.onLinkClosed(link);
    this.#depositing.onLinkClosed(link);
    this.#handing.onLinkClosed(link);
    const account = this.#accountOf(link);
    if (account === undefined) return;
    this.#leftAtMs.set(account, this.#core.clock.monotonic());
    if (this.#cards.couriersFor(account).length > 0) this.#core.fireAndForget(this.#leaveLater(account));
    this.#core.fireAndForget(this.#handing.next(account));
  }

  /** Entries were committed here, or a message waits: whoever of the conversation is away may get them by somebody else. */
  written(conversation: ConversationId): void {
    const recipient = this.#recipientOf(conversation);
    if (recipient === undefined || this.#gathering.has(recipient) || !this.#depositing.hasCourier(recipient)) return;
    this.#gathering.add(recipient);
    const reviewing = this.#core.clock.delay(GATHER_MS).then(() => {
      this.#gathering.delete(recipient);
      return this.#depositing.review(recipient);
    });
    this.#core.fireAndForget(reviewing);
  }

  /** Somebody told how far they are. */
  onClock(conversation: ConversationId): void {
    this.#core.fireAndForget(this.#depositing.deposits.onClock(conversation));
  }

  /** What the frame cost. @throws DecodeError for what no honest contact sends. */
  async onFrame(link: PeerLink, { type, payload }: Frame): Promise<Cost> {
    const account = this.#accountOf(link);
    if (account === undefined) return FREE;
    switch (type) {
      case FRAME.cardHeld:
        // There may be none yet.
        await this.#renewCard(link);
        this.#giveCard(link, account, decodeCardHeld(payload));
        return CARD_COST;
      case FRAME.card:
        await this.#onCard(link, account, payload);
        return CARD_COST;
      case FRAME.deposit:
        return this.#desk.onDeposit(link, account, payload);
      case FRAME.depositAnswer:
        await this.#depositing.onAnswer(link, account, decodeDepositAnswer(payload));
        return NOTE_COST;
      case FRAME.parcel:
        this.#links.begin(link, payload);
        return FREE;
      case FRAME.parcelPart:
        return this.#desk.onPart(link, account, payload);
      case FRAME.receipt:
        if (!(await this.#desk.onReceipt(account, payload))) await this.#depositing.onReceipt(link, account, payload);
        return RECEIPT_COST;
      case FRAME.receiptNoted:
        await this.#carrying.forgetReceipt(account, decodeReceiptNoted(payload));
        return NOTE_COST;
      default:
        return FREE;
    }
  }

  async #begin(link: PeerLink, account: AccountId): Promise<void> {
    await this.#renewCard(link);
    link.send(FRAME.cardHeld, 0, encodeCardHeld(this.#cards.numberOf(account)));
    await this.#desk.bringReceipts(link, account);
    await this.#handing.next(account);
    await this.#leaveAt(account);
  }

  /** What waits from an earlier start goes to couriers that came before anybody could be said to be away. */
  async #leaveFromBefore(): Promise<void> {
    await this.#core.clock.delay(AWAY_MS);
    for (const recipient of this.#core.directory.contacts.keys()) await this.#leave(recipient);
  }

  async #leaveLater(account: AccountId): Promise<void> {
    await this.#core.clock.delay(AWAY_MS);
    await this.#leave(account);
  }

  /** A courier is here: what those lack who are away is left with it. */
  async #leaveAt(courier: AccountId): Promise<void> {
    for (const recipient of this.#core.directory.contacts.keys()) {
      if (this.#cards.isCourierFor(recipient, courier)) await this.#leave(recipient);
    }
  }

  /** What waits becomes entries first. */
  async #leave(recipient: AccountId): Promise<void> {
    if (!this.#depositing.hasCourier(recipient)) return;
    for (const { id } of this.#core.directory.conversationsWith(recipient)) this.#effects.onTaker(id);
    await this.#depositing.review(recipient);
  }

  /** All who are linked are told at once, but for the one that is about to say what it holds. */
  async #renewCard(asking?: PeerLink): Promise<void> {
    if (!(await this.#cards.renew(this.#carries))) return;
    for (const link of this.#links.all()) {
      const account = this.#accountOf(link);
      if (account !== undefined && link !== asking) this.#giveCard(link, account, 0);
    }
  }

  #giveCard(link: PeerLink, account: AccountId, heldNumber: number): void {
    if (heldNumber === this.#cards.ownNumber) return;
    const card = this.#cards.ownFor(account);
    if (card !== undefined) link.send(FRAME.card, 0, card);
  }

  async #onCard(link: PeerLink, account: AccountId, payload: Uint8Array): Promise<void> {
    await this.#cardRate.spend(account, 1, () => link.isClosed);
    if (!(await this.#cards.take(account, payload))) return;
    this.#depositing.onCard(account);
    await this.#renewCard();
    await this.#leaveAt(account);
  }

  #isAway(account: AccountId): boolean {
    if (this.#linkTo(account) !== undefined) return false;
    const leftAtMs = this.#leftAtMs.get(account) ?? this.#startedAtMs;
    return this.#core.clock.monotonic() - leftAtMs >= AWAY_MS;
  }

  #linkTo(account: AccountId): PeerLink | undefined {
    const devices = this.#core.directory.devicesOf(account)?.devices ?? [];
    return this.#cards.isContact(account) ? this.#links.best(devices.map(({ peerKey }) => peerKey)) : undefined;
  }

  #accountOf(link: PeerLink): AccountId | undefined {
    return this.#core.directory.contactBehind(link.peer);
  }

  #recipientOf(conversation: ConversationId): AccountId | undefined {
    const { conversations, self } = this.#core.directory;
    const row = conversations.get(conversation);
    return row?.kind === "direct" ? row.members.find((member) => member !== self.account) : undefined;
  }
}
