/** Parcels for this device (PROTOCOL, Couriers): opened, taken in like a batch of a sync, and answered with a receipt after the commit. */
import { EMPTY_BYTES } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId, EntryId } from "../codec/ids.ts";
import type { CoreContext } from "../conversations/core-context.ts";
import { decodeClock } from "../conversations/statements.ts";
import type { EntryParts } from "../log/entry.ts";
import type { Cost } from "../sync/allowance.ts";
import type { Acceptance } from "../sync/host.ts";
import type { Cards } from "./cards.ts";
import { decodeParcelContent, keyNumberOf, openParcel, type ParcelContent } from "./parcel.ts";
import { encodeReceipt, sealReceiptClock } from "./receipt.ts";

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
  /** Another member's clock shows nothing written by this device that is not here. */
  onCompared(conversation: ConversationId): void;
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
  const isTaken = acceptance?.kind === "accepted";
  if (isTaken && clock.length > 0 && (await effects.onClock(conversation, clock))) {
    await compareOwn(core, effects, depositor, conversation, clock);
  }
  const stored = isTaken ? acceptance.cost : { work: 0, bytes: 0 };
  return {
    receipt: receiptOf(isTaken, isTaken ? ownClockFor(core, cards, depositor, conversation, id) : EMPTY_BYTES),
    cost: { work: PICKUP_COST.work + stored.work, bytes: stored.bytes },
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

/** The other side's word of how far this device's logs go stands for a comparison with it: an old copy of a profile would be behind. */
async function compareOwn(
  core: CoreContext,
  effects: PickupEffects,
  depositor: AccountId,
  conversation: ConversationId,
  clock: Uint8Array,
): Promise<void> {
  const { device } = core.directory.self;
  const statement = decodeClock(clock);
  const marks = statement.marks.filter((mark) => mark.device === device && mark.height > 0);
  if (marks.length === 0 || core.directory.accountOfDevice(statement.device) !== depositor) return;
  const isLevel = await core.store.read(["logs", "entries"], async (tx) => {
    for (const { channel, height, headPrefix } of marks) {
      const held = await tx.get("entries", [conversation, device, channel, height]);
      if (held?.id.startsWith(headPrefix) !== true) return false;
    }
    return true;
  });
  if (isLevel) effects.onCompared(conversation);
}
