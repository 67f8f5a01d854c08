/**
 * Own messages left with couriers (PROTOCOL, Couriers): what a contact who is away lacks goes to those that carry for them, one parcel at
 * a time at each courier, until nothing is missing. A parcel at a courier is no delivery: that is the recipient's clock alone.
 */
import type { AccountId, ConversationId } from "../codec/ids.ts";
import { isOnHold } from "../conversations/contact-trust.ts";
import type { CoreContext } from "../conversations/core-context.ts";
import { SerialQueue } from "../conversations/serial-queue.ts";
import type { DepositRow, LogHeight } from "../store/courier-tables.ts";
import { FRAME } from "../sync/frames.ts";
import type { PeerLink } from "../sync/peer-link.ts";
import { type Cards, newParcelId, PARCEL_LIFE_MS } from "./cards.ts";
import { type DepositAnswer, encodeDeposit, encodeReceiptNoted } from "./courier-frames.ts";
import { Deposits, type OwnParcel } from "./deposits.ts";
import { gather, lackingLogs } from "./gather.ts";
import { makeLetters, tellLeft } from "./leaving-letters.ts";
import { sealParcel } from "./parcel.ts";
import { sendParcel } from "./parcel-links.ts";
import { decodeReceipt, openReceiptClock, verifyReceipt } from "./receipt.ts";

/** A courier that refused is asked again after this long, or once a card is newer. */
const REFUSED_MS = 10 * 60_000;
/** A parcel up to this size grows; beyond, the next one begins. */
const GROWING_BYTES = 20 * 1024;

export interface DepositingEffects {
  /** The best open link to a contact. */
  linkTo(account: AccountId): PeerLink | undefined;
  /** Whether nobody of this account was linked for a while. */
  isAway(account: AccountId): boolean;
  /** Whether this device may append entries: else what waits is left as letters. */
  isSettled(conversation: ConversationId): boolean;
  /** As a clock statement from a sync. */
  onClock(conversation: ConversationId, bytes: Uint8Array): Promise<boolean>;
}

/** Offered to a courier, and not answered yet. */
interface Offer {
  readonly link: PeerLink;
  readonly parcel: OwnParcel;
  readonly replaced: string | undefined;
  readonly bytes: Uint8Array;
}

export class Depositing {
  readonly #core: CoreContext;
  readonly #cards: Cards;
  readonly #effects: DepositingEffects;
  readonly deposits: Deposits;
  readonly #offers = new Map<AccountId, Offer>();
  /** Monotonic time until which a courier is not asked for a recipient. */
  readonly #refused = new Map<string, number>();
  readonly #queue = new SerialQueue();

  constructor(core: CoreContext, cards: Cards, effects: DepositingEffects) {
    this.#core = core;
    this.#cards = cards;
    this.#effects = effects;
    this.deposits = new Deposits(core);
  }

  /** Whether somebody is there who would take a parcel for this contact, who is away. */
  hasCourier(recipient: AccountId): boolean {
    if (!this.#effects.isAway(recipient)) return false;
    return this.#cards
      .couriersFor(recipient)
      .some(({ courier }) => this.#canAsk(courier, recipient) && this.#effects.linkTo(courier) !== undefined);
  }

  /** Leaves what this contact lacks with all couriers that are there. */
  async review(recipient: AccountId): Promise<void> {
    await this.#queue.run(async () => {
      if (!this.#effects.isAway(recipient) || !this.#cards.isContact(recipient)) return;
      if (isOnHold(this.#core.directory.contacts.get(recipient))) return;
      for (const { courier, token } of this.#cards.couriersFor(recipient)) {
        const link = this.#effects.linkTo(courier);
        if (link === undefined || this.#offers.has(courier) || !this.#canAsk(courier, recipient)) continue;
        await this.#offer(link, courier, recipient, token);
      }
    });
  }

  /** A courier said something about a parcel. */
  async onAnswer(link: PeerLink, courier: AccountId, { id, verdict }: DepositAnswer): Promise<void> {
    if (verdict === "dropped") {
      const dropped = this.deposits.find(courier, id);
      if (dropped !== undefined) await this.deposits.remove([dropped]);
      link.send(FRAME.receiptNoted, 0, encodeReceiptNoted(id));
      return;
    }
    const offer = this.#offers.get(courier);
    if (offer === undefined || offer.parcel.id !== id || offer.link !== link) return;
    if (verdict === "send") {
      sendParcel(link, id, offer.bytes);
      return;
    }
    this.#offers.delete(courier);
    const { recipient, letters } = offer.parcel;
    if (verdict === "held") await this.deposits.put(offer.parcel, offer.replaced);
    else this.#refused.set(`${courier}/${recipient}`, this.#core.clock.monotonic() + REFUSED_MS);
    if (letters !== undefined) await tellLeft(this.#core, offer.parcel);
    await this.review(recipient);
  }

  /** The recipient's word about a parcel, brought by the courier. */
  async onReceipt(link: PeerLink, courier: AccountId, bytes: Uint8Array): Promise<void> {
    const { directory, suite } = this.#core;
    const receipt = decodeReceipt(bytes);
    const parcel = this.deposits.find(courier, receipt.parcel);
    const listed = parcel === undefined ? [] : (directory.devicesOf(parcel.recipient)?.devices ?? []);
    const logKey = listed.find(({ device }) => device === receipt.device)?.logKey;
    if (parcel !== undefined && logKey !== undefined && verifyReceipt(suite, logKey, bytes)) {
      const place = { parcel: receipt.parcel, reader: directory.self.device };
      const seedOf = (number: number): Uint8Array | undefined => this.#cards.seedOf(number);
      const clock = openReceiptClock(suite, place, seedOf, receipt.sealedClock);
      if (clock !== undefined) await this.#effects.onClock(parcel.conversation, clock);
      const areLettersTaken = parcel.letters !== undefined && receipt.isTaken;
      if (areLettersTaken) await this.deposits.markTaken(parcel);
      await this.deposits.onClock(parcel.conversation);
      // What the clock does not cover could not be used: it is not left there again under the same key.
      const isCovered = this.deposits.find(courier, receipt.parcel) === undefined;
      if (!isCovered && !areLettersTaken)
        await this.deposits.markUseless(parcel, this.#cards.of(parcel.recipient)?.keyNumber ?? 0);
    }
    // Otherwise it would be brought again and again.
    link.send(FRAME.receiptNoted, 0, encodeReceiptNoted(receipt.parcel));
  }

  onLinkClosed(link: PeerLink): void {
    for (const [courier, offer] of this.#offers) if (offer.link === link) this.#offers.delete(courier);
  }

  /** This contact has a newer card: others may take what was refused, and it may take it itself. */
  onCard(account: AccountId): void {
    for (const pair of this.#refused.keys()) if (pair.includes(account)) this.#refused.delete(pair);
  }

  #canAsk(courier: AccountId, recipient: AccountId): boolean {
    if (this.#cards.of(courier)?.carries !== true) return false;
    return (this.#refused.get(`${courier}/${recipient}`) ?? 0) <= this.#core.clock.monotonic();
  }

  async #offer(link: PeerLink, courier: AccountId, recipient: AccountId, token: Uint8Array): Promise<void> {
    for (const { id: conversation, kind } of this.#core.directory.conversationsWith(recipient)) {
      // The members of a group hold what is written in it: a parcel of it would be of no use.
      if (kind !== "direct") continue;
      const offer =
        (await this.#make(link, conversation, courier, recipient)) ??
        (await this.#makeLetters(link, conversation, courier, recipient));
      if (offer === undefined) continue;
      this.#offers.set(courier, offer);
      const { parcel, replaced, bytes } = offer;
      link.send(FRAME.deposit, 0, encodeDeposit({ id: parcel.id, replaced, size: bytes.length, token }));
      return;
    }
  }

  async #makeLetters(
    link: PeerLink,
    conversation: ConversationId,
    courier: AccountId,
    recipient: AccountId,
  ): Promise<Offer | undefined> {
    if (this.#effects.isSettled(conversation)) return undefined;
    const place = { conversation, courier, recipient };
    const made = await makeLetters(this.#core, this.#cards, this.deposits, place, GROWING_BYTES);
    return made && { ...made, link };
  }

  async #make(
    link: PeerLink,
    conversation: ConversationId,
    courier: AccountId,
    recipient: AccountId,
  ): Promise<Offer | undefined> {
    const core = this.#core;
    const card = this.#cards.of(recipient);
    if (card === undefined) return undefined;
    const lacking = await core.store.read(["logs", "entries"], (tx) => lackingLogs(core, tx, conversation, recipient));
    const lying = this.deposits.entriesAt(conversation, courier);
    // A clock may come with the next meeting; the same bytes under the same key would be of no use again.
    if (lying.some(({ uselessKey }) => uselessKey === card.keyNumber)) return undefined;
    const base = lacking.map(({ log, after }): LogHeight => ({
      device: log.device,
      channel: log.channel,
      height: after,
    }));
    const last = lying.findLast(({ uselessKey }) => uselessKey === undefined);
    const reached = last === undefined ? base : raised(base, last.to);
    const isMissing = lacking.some(({ log }, index) => (reached[index]?.height ?? 0) < log.row.height);
    if (!isMissing) return undefined;
    const isGrowing = last !== undefined && last.size <= GROWING_BYTES;
    const gathered = await gather(core, conversation, card.device, isGrowing ? raised(base, last.from) : reached);
    // What is missing may be what cannot be served now: the same parcel again would bring nobody further.
    if (gathered === undefined || !isFurther(gathered.to, reached)) return undefined;
    const id = newParcelId(core);
    const key = { number: card.keyNumber, publicKey: card.publicKey };
    const bytes = sealParcel(core.suite, { id, device: card.device }, key, gathered.content);
    const row: DepositRow = {
      recipient,
      from: gathered.from,
      to: gathered.to,
      size: bytes.length,
      order: (this.deposits.at(conversation, courier).at(-1)?.order ?? 0) + 1,
      expiresAt: core.clock.now() + PARCEL_LIFE_MS,
    };
    return { link, parcel: { ...row, id, conversation, courier }, replaced: isGrowing ? last.id : undefined, bytes };
  }
}

function isFurther(heights: readonly LogHeight[], than: readonly LogHeight[]): boolean {
  return heights.some(({ height }, index) => height > (than[index]?.height ?? 0));
}

/** What is already known to be further stays. */
function raised(base: readonly LogHeight[], heights: readonly LogHeight[]): readonly LogHeight[] {
  return base.map((place) => {
    const other = heights.find(({ device, channel }) => device === place.device && channel === place.channel);
    return { ...place, height: Math.max(place.height, other?.height ?? 0) };
  });
}
