/** Parcels on their way from here to those they are for: one at a time for each of them, the next once the receipt came. */
import type { AccountId } from "../codec/ids.ts";
import type { PeerLink } from "../sync/peer-link.ts";
import type { Carrying } from "./carrying.ts";
import { sendParcel } from "./parcel-links.ts";

export class HandingOver {
  readonly #carrying: Carrying;
  readonly #linkTo: (account: AccountId) => PeerLink | undefined;
  readonly #under = new Map<AccountId, { readonly link: PeerLink; readonly id: string }>();

  constructor(carrying: Carrying, linkTo: (account: AccountId) => PeerLink | undefined) {
    this.#carrying = carrying;
    this.#linkTo = linkTo;
  }

  /** Hands over the next parcel for this contact, if they are here and have answered the one before. */
  async next(recipient: AccountId): Promise<void> {
    const link = this.#linkTo(recipient);
    const [parcel] = this.#carrying.parcelsFor(recipient);
    if (link === undefined || parcel === undefined || this.#under.has(recipient)) return;
    this.#under.set(recipient, { link, id: parcel.id });
    const bytes = await this.#carrying.bytesOf(parcel);
    if (bytes !== undefined && !link.isClosed) sendParcel(link, parcel.id, bytes);
    else this.#under.delete(recipient);
  }

  /** Whether the parcel was on its way to this contact: it has arrived. */
  arrived(recipient: AccountId, id: string): boolean {
    const isIt = this.#under.get(recipient)?.id === id;
    if (isIt) this.#under.delete(recipient);
    return isIt;
  }

  /** What was not answered on this link comes again on another. */
  onLinkClosed(link: PeerLink): void {
    for (const [recipient, under] of this.#under) if (under.link === link) this.#under.delete(recipient);
  }
}
