/** Letters of a parcel for this device (PROTOCOL, Letters): shown at once, until the entries that they become are here. */
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId } from "../codec/ids.ts";
import { decodeContent } from "../conversations/content.ts";
import type { CoreContext } from "../conversations/core-context.ts";
import { type EarlyCopy, newLetters } from "../conversations/letter-rows.ts";
import { announceShown, noteShown } from "../conversations/note-shown.ts";
import { readThread } from "../conversations/thread-rows.ts";
import type { Cost } from "../sync/allowance.ts";
import { lettersKeyNumber, openLetters } from "./letters.ts";

/** To open them, and to verify who wrote them. */
const OPENING_WORK = 6;
/** The row of a letter, roughly. */
const ROW_BYTES = 512;

/** What it cost, or undefined if they could not be read here. Rejects when the store fails: nothing was stored then. */
export async function takeLetters(
  core: CoreContext,
  author: AccountId,
  place: { readonly conversation: ConversationId; readonly parcel: string },
  sealed: Uint8Array,
): Promise<Cost | undefined> {
  const { directory, suite, store, clock } = core;
  const { conversation } = place;
  const recipient = directory.self.device;
  const kem = await store.read(["kems"], async (tx) => {
    const number = keyNumberIn(sealed);
    return number === undefined ? undefined : tx.get("kems", [conversation, recipient, number]);
  });
  const opened =
    kem &&
    openLetters(suite, { ...place, recipient }, kem.seed, sealed, (device) =>
      directory.accountOfDevice(device) === author ? directory.logKeyOf(device) : undefined,
    );
  // Nothing is begun once a deletion has taken its turn.
  const thread = directory.conversations.get(conversation)?.thread;
  if (opened === undefined || thread === undefined) return undefined;
  const copies = opened.letters.flatMap(({ id, content }): EarlyCopy[] => {
    const decoded = decodeContent(content);
    // What this version cannot read it can show once it is an entry.
    if (decoded.kind !== "text" || decoded.rank === undefined) return [];
    return [{ id, rank: decoded.rank, content: decoded }];
  });
  const { shown, threadRow } = await store.write(["timeline", "threads", "entries"], "strict", async (tx) => {
    const now = clock.now();
    const held = await readThread(tx, thread, now);
    const found = await newLetters(
      tx,
      suite,
      { conversation, thread, now },
      { account: author, device: opened.device },
      copies,
    );
    const row = noteShown(core, held, found);
    for (const { order, row: letter } of found) tx.put("timeline", [thread, order], letter);
    tx.put("threads", [thread], row);
    return { shown: found, threadRow: row };
  });
  directory.threads.set(thread, threadRow);
  announceShown(core, thread, shown, []);
  return { work: OPENING_WORK, bytes: sealed.length + shown.length * ROW_BYTES };
}

function keyNumberIn(sealed: Uint8Array): number | undefined {
  try {
    return lettersKeyNumber(sealed);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
