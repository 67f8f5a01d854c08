/**
 * Fills the database of a page that shows a registered, otherwise empty Kith with conversations, as if years had passed: rows as
 * src/core/store/tables.ts describes them, written past the app, which must be reloaded then.
 */
import type { Page } from "@playwright/test";
import { bytesToHex } from "../../src/core/codec/bytes.ts";
import { createSuite } from "../../src/core/crypto/real-suite.ts";
import { accountIdOf, deviceIdOf } from "../../src/core/crypto/identity.ts";
import { DATABASE_NAME } from "../../src/adapters/indexeddb/schema.ts";

interface FillOptions {
  readonly conversations: number;
  readonly messagesEach: number;
}

/** Contact n is called "Contact n"; n counts from 1, and the highest was heard last. Message m of each says "Message m of n". */
export async function fillStore(page: Page, { conversations, messagesEach }: FillOptions): Promise<void> {
  const suite = createSuite();
  const contacts = Array.from({ length: conversations }, (_, index) => {
    const [rootKey, logKey, peerKey] = [1, 2, 3].map(() => suite.publicKey(suite.random(32))) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    return {
      name: `Contact ${index + 1}`,
      number: index + 1,
      account: accountIdOf(suite, rootKey),
      device: deviceIdOf(suite, logKey),
      conversation: bytesToHex(suite.random(32)),
      keys: [rootKey, logKey, peerKey].map(bytesToHex),
    };
  });
  await page.evaluate(
    async ({ contacts, messagesEach, database: name }) => {
      const MINUTE_MS = 60_000;
      const WORDS = "the ferry leaves at six and we bring bread coffee maps and a warm coat for the deck".split(" ");
      const bytesOf = (hex: string): Uint8Array =>
        Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      const hexOf = (value: number, digits: number): string => value.toString(16).padStart(digits, "0");
      const done = <Value>(request: IDBRequest<Value>): Promise<Value> =>
        new Promise((resolve, reject) => {
          request.addEventListener("success", () => resolve(request.result));
          request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB failed")));
        });
      const database = await done(indexedDB.open(name));
      const tables = ["contacts", "devices", "conversations", "threads", "timeline", "entries", "logs", "clocks"];
      const self = await done(database.transaction("identity").objectStore("identity").get(["self"]));
      const now = Date.now();
      for (const { name, number, account, device, conversation, keys } of contacts) {
        const tx = database.transaction(tables, "readwrite");
        const put = (table: string, key: IDBValidKey, row: unknown): void => {
          tx.objectStore(table).put(row, key);
        };
        const [rootKey = "", logKey = "", peerKey = ""] = keys;
        const list = { device, logKey: bytesOf(logKey), peerKey, createdAt: now };
        const consent = new Uint8Array(64);
        put("contacts", [account], {
          account,
          name,
          profileNumber: 1,
          privateName: "",
          isConfirmed: true,
          relays: [],
          createdAt: now,
        });
        put("devices", [account], {
          number: 1,
          rootKey: bytesOf(rootKey),
          devices: [{ ...list, logConsent: consent, peerConsent: consent }],
          bytes: new Uint8Array(300),
        });
        put("conversations", [conversation], {
          id: conversation,
          kind: "direct",
          thread: account,
          founder: account,
          members: [account, self.account],
          isShared: true,
        });
        const seqs = new Map<string, number>();
        let last = { order: "", text: "", isOwn: false, at: 0, kind: "text" };
        for (let index = 0; index < messagesEach; index += 1) {
          const isOwn = index % 3 === 0;
          const writer = isOwn ? self.device : device;
          const seq = (seqs.get(writer) ?? 0) + 1;
          seqs.set(writer, seq);
          const at = now - ((messagesEach - index) * 17 + (contacts.length - number)) * MINUTE_MS;
          const rank = `${hexOf(at, 12)}0000`;
          const order = `${rank}${writer}${hexOf(seq, 8)}01${conversation.slice(0, 8)}`;
          const length = 2 + ((index * 7) % 40);
          const words = Array.from({ length }, (_, at) => WORDS[(index + at) % WORDS.length]).join(" ");
          const text = `Message ${index + 1} of ${number}: ${words}`;
          const id = `${conversation.slice(0, 24)}${writer}${hexOf(seq, 8)}`;
          const row = { id, conversation, author: isOwn ? self.account : account, device: writer, seq, kind: "text" };
          put("timeline", [account, order], { ...row, text, writtenAt: at, orderedAt: at, isLate: false });
          put("entries", [conversation, writer, 1, seq], {
            id,
            header: new Uint8Array(240),
            signature: new Uint8Array(64),
            body: new TextEncoder().encode(text),
            rank,
            shownAt: order,
          });
          last = { order, text, isOwn, at, kind: "text" };
        }
        for (const [writer, height] of seqs) {
          put("logs", [conversation, writer, 1], {
            base: 0,
            height,
            head: "0".repeat(64),
            opened: height,
            verified: height,
            headClock: "0".repeat(16),
            headRank: last.order.slice(0, 16),
          });
        }
        const own = seqs.get(self.device) ?? 0;
        const mark = { device: self.device, channel: 1, height: own, headPrefix: "00000000", opened: own };
        put("clocks", [conversation, device], { number: 1, marks: [mark], bytes: new Uint8Array(200) });
        put("threads", [account], {
          id: account,
          draft: "",
          readUpTo: last.order,
          unread: 0,
          activeAt: last.at,
          preview: last,
        });
        await new Promise<void>((resolve, reject) => {
          tx.addEventListener("complete", () => resolve());
          tx.addEventListener("abort", () => reject(tx.error ?? new Error("IndexedDB gave up")));
        });
      }
      database.close();
    },
    { contacts, messagesEach, database: DATABASE_NAME },
  );
}
