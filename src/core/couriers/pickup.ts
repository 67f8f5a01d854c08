/** Parcels for this device (PROTOCOL, Couriers): opened, taken in like a batch of a sync, and answered with a receipt after the commit. */
import { EMPTY_BYTES } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId, EntryId } from "../codec/ids.ts";
import type { CoreContext } from "../conversations/core-context.ts";
import type { EntryParts } from "../log/entry.ts";
import { type Cost, FREE } from "../sync/allowance.ts";
import type { Acceptance } from "../sync/host.ts";
import type { Cards } from "./cards.ts";
import { decodeParcelContent, keyNumberOf, openParcel, type ParcelContent } from "./parcel.ts";
import { encodeReceipt, sealReceiptClock } from "./receipt.ts";
import { takeLetters } from "./take-letters.ts";

export interface PickupEffects {
  /** As entries from a sync with this account. */
  accept(
    from: AccountId,
    conversation: ConversationId,
    batch: readonly EntryParts[],
    envelopes: ReadonlyMap<EntryId, Uint8Array>,
  ): Promise<Acceptance>;
  /** As a clock statement from a sync. False if it is not valid. */
  onClock(conversation: ConversationId, bytes: Uint8Array): Promise<boolean>;
}

/** Opening, and signing the receipt. */
const PICKUP_COST: Cost = { work: 6, bytes: 0 };

/** The receipt for a parcel, and what it cost to take it in. Rejects when the store fails: nothing was stored then. */
export async function pickUp(
  core: CoreContext,
  cards: Cards,
  effects: PickupEffects,
  id: string,
  bytes: Uint8Array,
): Promise<{ readonly receipt: Uint8Array; readonly cost: Cost }> {
  const { device, logSeed } = core.directory.self;
  const content = opened(core, cards, id, bytes);
  const depositor = content && otherMember(core, content.conversation);
  const receiptOf = (isTaken: boolean, sealedClock: Uint8Array): Uint8Array =>
    encodeReceipt(core.suite, logSeed, { parcel: id, device, isTaken, sealedClock });
  if (content === undefined || depositor === undefined) {
    return { receipt: receiptOf(false, EMPTY_BYTES), cost: PICKUP_COST };
  }
  // Whoever is blocked is not told so.
  if (!cards.isContact(depositor)) return { receipt: receiptOf(true, EMPTY_BYTES), cost: PICKUP_COST };
  const { conversation, clock, entries } = content;
  const envelopes = new Map(content.envelopes.map((envelope) => [envelope.entry, envelope.bytes]));
  const acceptance =
    entries.length === 0 ? undefined : await effects.accept(depositor, conversation, entries, envelopes);
  const areEntriesTaken = acceptance?.kind === "accepted";
  const letters =
    content.letters.length === 0 || (entries.length > 0 && !areEntriesTaken)
      ? undefined
      : await takeLetters(core, depositor, { conversation, parcel: id }, content.letters);
  const isTaken = areEntriesTaken || letters !== undefined;
  // A clock may be older than what this device has written since: it says how far the other side is, and no more.
  if (isTaken && clock.length > 0) await effects.onClock(conversation, clock);
  const stored = areEntriesTaken ? acceptance.cost : FREE;
  const shown = letters ?? FREE;
  return {
    receipt: receiptOf(isTaken, isTaken ? ownClockFor(core, cards, depositor, conversation, id) : EMPTY_BYTES),
    cost: { work: PICKUP_COST.work + stored.work + shown.work, bytes: stored.bytes + shown.bytes },
  };
}

function opened(core: CoreContext, cards: Cards, id: string, bytes: Uint8Array): ParcelContent | undefined {
  try {
    const seed = cards.seedOf(keyNumberOf(bytes));
    const { device } = core.directory.self;
    const content = seed && openParcel(core.suite, { id, device }, seed, bytes);
    return content && decodeParcelContent(content);
  } catch (error) {
    // Anybody can seal anything: the courier is not to blame.
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Whose parcel it can only be: the other one of a conversation of two. */
function otherMember(core: CoreContext, conversation: ConversationId): AccountId | undefined {
  const { conversations, self } = core.directory;
  const row = conversations.get(conversation);
  const others = row?.members.filter((member) => member !== self.account) ?? [];
  return row?.kind === "direct" && row.isShared && others.length === 1 ? others[0] : undefined;
}

function ownClockFor(
  core: CoreContext,
  cards: Cards,
  depositor: AccountId,
  conversation: ConversationId,
  id: string,
): Uint8Array {
  const card = cards.of(depositor);
  const clock = core.receipts.clockOf(conversation, core.directory.self.device)?.bytes;
  if (card === undefined || clock === undefined) return EMPTY_BYTES;
  const place = { parcel: id, reader: card.device };
  return sealReceiptClock(core.suite, place, { number: card.keyNumber, publicKey: card.publicKey }, clock);
}
