/**
 * Letters for somebody who is away (PROTOCOL, Letters): early copies of what waits in the outbox, while this device may append nothing. The
 * messages stay in the outbox, and become entries when the recipient is met.
 */
import { EMPTY_BYTES } from "../codec/bytes.ts";
import type { AccountId, ConversationId } from "../codec/ids.ts";
import { encodeText } from "../conversations/content.ts";
import type { CoreContext } from "../conversations/core-context.ts";
import { nextClock } from "../log/hybrid-clock.ts";
import { pendingView } from "../conversations/timeline.ts";
import type { DepositRow } from "../store/courier-tables.ts";
import type { Row } from "../store/store.ts";
import type { OutboxRow } from "../store/tables.ts";
import { type Cards, newParcelId, PARCEL_LIFE_MS } from "./cards.ts";
import type { Deposits, OwnParcel } from "./deposits.ts";
import { type Letter, LETTER_OVERHEAD_BYTES, MAX_LETTERS, sealLetters } from "./letters.ts";
import { encodeParcelContent, sealParcel } from "./parcel.ts";

/** All that is around the letters fits behind these. */
const LETTERS_BYTES = 44 * 1024;

export interface LettersOffer {
  readonly parcel: OwnParcel;
  readonly replaced: string | undefined;
  readonly bytes: Uint8Array;
}

/** What of the outbox is to be left with this courier now. Undefined if that is nothing, or cannot be sealed to anybody. */
export async function makeLetters(
  core: CoreContext,
  cards: Cards,
  deposits: Deposits,
  place: { readonly conversation: ConversationId; readonly courier: AccountId; readonly recipient: AccountId },
  growingBytes: number,
): Promise<LettersOffer | undefined> {
  const { directory, suite, store } = core;
  const { conversation, courier, recipient } = place;
  const thread = directory.conversations.get(conversation)?.thread;
  const card = cards.of(recipient);
  if (thread === undefined || card === undefined) return;
  if (!directory.currentDevices(recipient).includes(card.device)) return;
  // What waits goes into one conversation, should there be two with the same person.
  if (directory.sharedConversations(thread)[0]?.id !== conversation) return;
  const lying = deposits.lettersAt(conversation, courier);
  if (lying.some(({ uselessKey }) => uselessKey === card.keyNumber)) return;
  const last = lying.findLast(({ uselessKey, isTaken }) => uselessKey === undefined && isTaken !== true);
  const grown = last !== undefined && last.size <= growingBytes ? last : undefined;
  const known = deposits.takenLetters(conversation);
  for (const parcel of lying) {
    if (parcel !== grown && parcel.uselessKey === undefined) for (const id of parcel.letters ?? []) known.add(id);
  }
  const { key, rows } = await store.write(["outbox", "packages"], "strict", async (tx) => {
    const waiting = await tx.range("outbox", { prefix: [thread], limit: MAX_LETTERS });
    const found = await tx.get("packages", [conversation, card.device]);
    const chosen = fitting(
      waiting
        .map(({ key: at, value }) => ({ key: at, value: leftRow(value) }))
        .filter(({ value }) => !known.has(value.id)),
    );
    const isNew = chosen.some(({ value }) => grown?.letters?.includes(value.id) !== true);
    if (found === undefined || !isNew) return { key: undefined, rows: [] };
    // Before it leaves: what somebody may read is neither changed nor taken back.
    for (const { key: at, value } of chosen) tx.put("outbox", at, value);
    return { key: found, rows: chosen };
  });
  if (key === undefined) return;
  const id = newParcelId(core);
  const letters = rows.map(({ value }): Letter => ({ id: value.id, content: encodeText(value) }));
  const sealed = sealLetters(suite, { conversation, recipient: card.device, parcel: id }, directory.self, key, letters);
  const content = encodeParcelContent({
    conversation,
    clock: EMPTY_BYTES,
    envelopes: [],
    entries: [],
    letters: sealed,
  });
  const cardKey = { number: card.keyNumber, publicKey: card.publicKey };
  const bytes = sealParcel(suite, { id, device: card.device }, cardKey, content);
  const row: DepositRow = {
    recipient,
    from: [],
    to: [],
    size: bytes.length,
    order: (deposits.at(conversation, courier).at(-1)?.order ?? 0) + 1,
    expiresAt: core.clock.now() + PARCEL_LIFE_MS,
    letters: letters.map((letter) => letter.id),
  };
  return { parcel: { ...row, id, conversation, courier }, replaced: grown?.id, bytes };
}

/** The screen shows who carries these. */
export async function tellLeft(core: CoreContext, { conversation, letters = [] }: OwnParcel): Promise<void> {
  const thread = core.directory.conversations.get(conversation)?.thread;
  if (thread === undefined) return;
  const rows = await core.store.read(["outbox"], (tx) => tx.range("outbox", { prefix: [thread], limit: MAX_LETTERS }));
  const upserts = rows
    .filter(({ value }) => letters.includes(value.id))
    .map(({ key, value }) => pendingView(core, Number(key[1]), value));
  if (upserts.length > 0) core.emit({ type: "messages", thread, upserts, removed: [] });
}

function fitting(rows: readonly Row<"outbox">[]): readonly Row<"outbox">[] {
  let bytes = 0;
  return rows.filter(({ value }) => {
    bytes += LETTER_OVERHEAD_BYTES + encodeText(value).length;
    return bytes <= LETTERS_BYTES;
  });
}

/** Those of before there were letters have no rank. */
function leftRow(row: OutboxRow): OutboxRow {
  return { ...row, rank: row.rank ?? nextClock(row.writtenAt, []), isLeft: true };
}
