/** Parcels as they come in on links to contacts: left here for somebody else, or brought for this device; and what is said about them. */
import type { AccountId } from "../codec/ids.ts";
import type { CoreContext } from "../conversations/core-context.ts";
import { type Cost, FREE } from "../sync/allowance.ts";
import { FRAME } from "../sync/frames.ts";
import type { PeerLink } from "../sync/peer-link.ts";
import type { Cards } from "./cards.ts";
import type { Carrying } from "./carrying.ts";
import { decodeDeposit, type Deposit, encodeDepositAnswer } from "./courier-frames.ts";
import type { HandingOver } from "./handing-over.ts";
import type { ParcelLinks } from "./parcel-links.ts";
import { pickUp, type PickupEffects } from "./pickup.ts";
import { decodeReceipt } from "./receipt.ts";
import { decodeToken } from "./token.ts";

const DEPOSIT_COST: Cost = { work: 2, bytes: 0 };

export interface DeskParts {
  readonly core: CoreContext;
  readonly cards: Cards;
  readonly carrying: Carrying;
  readonly handing: HandingOver;
  readonly links: ParcelLinks;
  readonly pickup: PickupEffects;
  linkTo(account: AccountId): PeerLink | undefined;
}

export class ParcelDesk {
  readonly #parts: DeskParts;
  /** Deposits that may come on a link. */
  readonly #expected = new Map<PeerLink, Deposit>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  onLinkClosed(link: PeerLink): void {
    this.#expected.delete(link);
  }

  /** A contact asks to leave a parcel. @throws DecodeError */
  async onDeposit(link: PeerLink, depositor: AccountId, payload: Uint8Array): Promise<Cost> {
    const deposit = decodeDeposit(payload);
    const verdict = await this.#parts.carrying.judge(depositor, deposit);
    if (verdict === "send" && !link.isClosed) this.#expected.set(link, deposit);
    link.send(FRAME.depositAnswer, 0, encodeDepositAnswer({ id: deposit.id, verdict }));
    return DEPOSIT_COST;
  }

  /** The next piece of a parcel. @throws DecodeError for one of none */
  async onPart(link: PeerLink, account: AccountId, payload: Uint8Array): Promise<Cost> {
    const parcel = this.#parts.links.piece(link, payload);
    const { work, bytes } = parcel === undefined ? FREE : await this.#onParcel(link, account, parcel.id, parcel.bytes);
    return { work, bytes: bytes + payload.length };
  }

  /** A recipient's word about a parcel that lies here: then the next one goes to them. False if it is about none. @throws DecodeError */
  async onReceipt(recipient: AccountId, payload: Uint8Array): Promise<boolean> {
    const { carrying, handing } = this.#parts;
    const { parcel: id } = decodeReceipt(payload);
    const settled = await carrying.settle(recipient, payload);
    const wasUnderWay = handing.arrived(recipient, id);
    if (settled !== undefined) this.#parts.linkTo(settled.depositor)?.send(FRAME.receipt, 0, payload);
    // It may have been replaced or dropped on its way. After a word that is not valid, nothing more is brought on this link.
    if (settled !== undefined || (wasUnderWay && !carrying.holdsFor(recipient, id))) await handing.next(recipient);
    return settled !== undefined || wasUnderWay;
  }

  /** Tells a depositor what became of parcels, again until they say that they know. */
  async bringReceipts(link: PeerLink, depositor: AccountId): Promise<void> {
    for (const { id, bytes } of await this.#parts.carrying.receiptsFor(depositor)) {
      if (bytes.length > 0) link.send(FRAME.receipt, 0, bytes);
      else link.send(FRAME.depositAnswer, 0, encodeDepositAnswer({ id, verdict: "dropped" }));
    }
  }

  async #onParcel(link: PeerLink, account: AccountId, id: string, bytes: Uint8Array): Promise<Cost> {
    const { core, cards, carrying, handing, pickup } = this.#parts;
    const deposit = this.#expected.get(link);
    if (deposit?.id !== id) {
      const { receipt, cost } = await pickUp(core, cards, pickup, id, bytes);
      link.send(FRAME.receipt, 0, receipt);
      return cost;
    }
    this.#expected.delete(link);
    // The quota was granted for this size.
    const isAsSaid = deposit.size === bytes.length;
    const verdict = isAsSaid ? await carrying.keep(account, deposit, bytes) : "too-much";
    link.send(FRAME.depositAnswer, 0, encodeDepositAnswer({ id, verdict }));
    await handing.next(decodeToken(deposit.token).recipient);
    return DEPOSIT_COST;
  }
}
