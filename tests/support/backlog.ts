/** Reads and writes messages in a page's database, for tests of more messages than fingers can type. */
import type { Page } from "@playwright/test";

const DATABASE = "kith";

/** Puts `m0`, `m1`, … into the outbox of a conversation, as if they had been written while the other was away. Kith must not run in the page. */
export async function writeBacklog(page: Page, thread: string, count: number): Promise<void> {
  await page.evaluate(
    async ([name, id, total]) => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error("could not open"));
      });
      const transaction = database.transaction("outbox", "readwrite");
      const outbox = transaction.objectStore("outbox");
      for (let index = 0; index < total; index += 1) {
        const row = { id: index.toString(16).padStart(32, "0"), text: `m${index}`, writtenAt: Date.now() };
        outbox.put(row, [id, index + 1]);
      }
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(new Error("not written"));
      });
      database.close();
    },
    [DATABASE, thread, count] as const,
  );
}

/** The texts of every message stored, in the order shown. */
export async function storedTexts(page: Page): Promise<readonly string[]> {
  return await page.evaluate(async (name) => {
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error("could not open"));
    });
    const rows = await new Promise<readonly { readonly text: string }[]>((resolve, reject) => {
      const request = database.transaction("timeline").objectStore("timeline").getAll();
      request.onsuccess = () => resolve(request.result as readonly { readonly text: string }[]);
      request.onerror = () => reject(new Error("could not read"));
    });
    database.close();
    return rows.map(({ text }) => text);
  }, DATABASE);
}
