/**
 * Fills the database of a page that shows a registered, otherwise empty Kith with conversations, as if years had passed: rows as
 * src/core/store/tables.ts describes them, written past the app, which must be reloaded then.
 */
import type { Page } from "@playwright/test";
import { bytesToHex, textToBytes } from "../../src/core/codec/bytes.ts";
import type { ConversationId, DeviceId, EntryId, PeerKey, ThreadId } from "../../src/core/codec/ids.ts";
import { accountIdOf, deviceIdOf } from "../../src/core/crypto/identity.ts";
import { createSuite } from "../../src/core/crypto/real-suite.ts";
import type { IdentityRow, PreviewRow } from "../../src/core/store/tables.ts";
import { readStoredRows, writeStoredRows, type RowToStore } from "./stored-rows.ts";

interface FillOptions {
  readonly conversations: number;
  readonly messagesEach: number;
  /** Of each message at least; else they are short. */
  readonly words?: number;
}

const MINUTE_MS = 60_000;
const WORDS = "the ferry leaves at six and we bring bread coffee maps and a warm coat for the deck".split(" ");
const suite = createSuite();

/** Contact n is called "Contact n"; n counts from 1, and the highest was heard last. Message m of each says "Message m of n". */
export async function fillStore(page: Page, { conversations, messagesEach, words = 0 }: FillOptions): Promise<void> {
  const [self] = await readStoredRows(page, "identity");
  if (self === undefined) throw new Error("nobody is registered here");
  const now = Date.now();
  for (let number = 1; number <= conversations; number += 1) {
    const agoMs = (conversations - number) * MINUTE_MS;
    await writeStoredRows(page, conversationRows(self.value, number, { messagesEach, words }, now - agoMs, now));
  }
}

function conversationRows(
  self: IdentityRow,
  number: number,
  { messagesEach: messages, words: leastWords }: { readonly messagesEach: number; readonly words: number },
  lastAt: number,
  now: number,
): readonly RowToStore[] {
  const [rootKey, logKey, peerKey] = [newKey(), newKey(), newKey()];
  const account = accountIdOf(suite, rootKey);
  const thread = account as string as ThreadId;
  const device = deviceIdOf(suite, logKey);
  const conversation = bytesToHex(suite.random(32)) as ConversationId;
  const consent = new Uint8Array(64);
  const seqs = new Map<DeviceId, number>();
  const rows: RowToStore[] = [];
  let last: PreviewRow = { order: "", text: "", isOwn: false, at: 0, kind: "text" };
  for (let index = 0; index < messages; index += 1) {
    const isOwn = index % 3 === 0;
    const writer = isOwn ? self.device : device;
    const seq = (seqs.get(writer) ?? 0) + 1;
    seqs.set(writer, seq);
    const at = lastAt - (messages - index) * 17 * MINUTE_MS;
    const rank = `${hexOf(at, 12)}0000`;
    const order = `${rank}${writer}${hexOf(seq, 8)}01${conversation.slice(0, 8)}`;
    const length = leastWords + 2 + ((index * 7) % 40);
    const words = Array.from({ length }, (_, word) => WORDS[(index + word) % WORDS.length]);
    const text = `Message ${index + 1} of ${number}: ${words.join(" ")}`;
    const id = `${conversation.slice(0, 24)}${writer}${hexOf(seq, 8)}` as EntryId;
    const author = isOwn ? self.account : account;
    const shown = { id, conversation, author, device: writer, seq, kind: "text", text } as const;
    const header = new Uint8Array(240);
    const entry = { id, header, signature: new Uint8Array(64), body: textToBytes(text), rank, shownAt: order };
    rows.push(
      { table: "timeline", key: [thread, order], value: { ...shown, writtenAt: at, orderedAt: at, isLate: false } },
      { table: "entries", key: [conversation, writer, 1, seq], value: entry },
    );
    last = { order, text, isOwn, at, kind: "text" };
  }
  for (const [writer, height] of seqs) {
    const head = "0".repeat(64) as EntryId;
    const clock = { headClock: "0".repeat(16), headRank: last.order.slice(0, 16) };
    const value = { base: 0, height, head, opened: height, verified: height, ...clock };
    rows.push({ table: "logs", key: [conversation, writer, 1], value });
  }
  const own = seqs.get(self.device) ?? 0;
  const mark = { device: self.device, channel: 1, height: own, headPrefix: "00000000", opened: own };
  const listed = { device, logKey, peerKey: bytesToHex(peerKey) as PeerKey, createdAt: now };
  const names = { name: `Contact ${number}`, profileNumber: 1, privateName: "", isConfirmed: true };
  return [
    ...rows,
    { table: "contacts", key: [account], value: { account, ...names, relays: [], createdAt: now } },
    {
      table: "devices",
      key: [account],
      value: {
        number: 1,
        rootKey,
        devices: [{ ...listed, logConsent: consent, peerConsent: consent }],
        bytes: new Uint8Array(300),
      },
    },
    {
      table: "conversations",
      key: [conversation],
      value: {
        id: conversation,
        kind: "direct",
        thread,
        founder: account,
        members: [account, self.account],
        isShared: true,
      },
    },
    { table: "clocks", key: [conversation, device], value: { number: 1, marks: [mark], bytes: new Uint8Array(200) } },
    {
      table: "threads",
      key: [thread],
      value: { id: thread, draft: "", readUpTo: last.order, unread: 0, activeAt: last.at, preview: last },
    },
  ];
}

function newKey(): Uint8Array {
  return suite.publicKey(suite.random(32));
}

function hexOf(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
