/** What a page holds: memory after a collection, rows and bytes on disk. */
import type { Page } from "@playwright/test";

export interface PageUse {
  /** Bytes of live objects. */
  readonly heap: number;
  readonly rows: number;
}

export async function pageUse(page: Page): Promise<PageUse> {
  const session = await page.context().newCDPSession(page);
  try {
    await session.send("Performance.enable");
    // Twice: what the first collection finalises the second one frees.
    await session.send("HeapProfiler.collectGarbage");
    await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    const heap = metrics.find((metric) => metric.name === "JSHeapUsedSize")?.value;
    if (heap === undefined) throw new Error("the browser does not tell its heap");
    return { heap, rows: await countRows(page) };
  } finally {
    await session.detach();
  }
}

async function countRows(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const wait = async <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error ?? new Error("no database")));
      });
    const database = await wait(indexedDB.open("kith"));
    const names = [...database.objectStoreNames];
    const transaction = database.transaction(names, "readonly");
    const counts = await Promise.all(names.map(async (name) => wait(transaction.objectStore(name).count())));
    database.close();
    return counts.reduce((sum, count) => sum + count, 0);
  });
}
