/**
 * A backlog handed over to a person who returns: from the navigation of the returning tab until the last message is on the screen,
 * against batched IndexedDB writes of the same bytes in the same page.
 */
import type { Page } from "@playwright/test";
import type { Person } from "../support/person.ts";
import type { World } from "../support/world.ts";
import { startCoreServer } from "./core-server.ts";
import type { Figure } from "./statistics.ts";

const MESSAGE_BYTES = 200;
const TIMEOUT_MS = 240_000;
/** Bytes that one message of 200 bytes takes in the store: its entry and its row of the timeline, about. */
const STORED_BYTES = 900;
const BATCH_ROWS = 256;

export interface BacklogResult {
  readonly messages: number;
  /** From navigation to the last message on the screen. */
  readonly onScreenMs: number;
  readonly perMessageMs: number;
  /** Batched writes of the same number of rows and bytes. */
  readonly plainWritesMs: number;
  readonly ratio: number;
  readonly longestTaskMs: number;
}

/** Backlogs of these sizes, one after the other, in one conversation. */
export async function measureBacklogs(world: World, sizes: readonly number[]): Promise<readonly BacklogResult[]> {
  const server = await startCoreServer(world.relay.address);
  try {
    const writer = await world.person("Writer");
    await writer.page.goto(server.url);
    await writer.page.waitForFunction(() => window.kithCore !== undefined, undefined, { timeout: TIMEOUT_MS });
    await writer.page.evaluate(() => window.kithCore?.start("Writer"));
    const link = (await writer.page.evaluate(() => window.kithCore?.invite())) ?? "";
    const reader = await world.person("Reader", { script: watchLongTasks });
    await reader.open(`${world.app.url}${link.slice(link.indexOf("#"))}`);
    await reader.start();
    await reader.send("I am here");
    await reader.expectState("I am here", /Delivered|Read/, 20_000);

    const results: BacklogResult[] = [];
    let written = 0;
    for (const size of sizes) {
      await reader.closeBrowser();
      await write(writer.page, written, size);
      written += size;
      results.push(await returnAndRead(reader, size, written - 1));
    }
    return results;
  } finally {
    await server.close();
  }
}

export function backlogRows(backlogs: readonly BacklogResult[]): readonly Figure[] {
  return backlogs.map(({ messages, onScreenMs, perMessageMs, ratio, longestTaskMs }) => [
    `backlog of ${messages} messages: navigation to the last on screen`,
    `${onScreenMs.toFixed(0)} ms, ${perMessageMs.toFixed(2)} ms each, ${ratio.toFixed(1)} × plain batched writes (aim ≤ 2), longest task ${longestTaskMs.toFixed(0)} ms`,
  ]);
}

async function write(page: Page, from: number, count: number): Promise<void> {
  await page.evaluate(
    async ({ from: first, count: messages, bytes }) => {
      const thread = await window.kithCore?.thread();
      if (thread === undefined) throw new Error("no conversation");
      await window.kithCore?.write(thread, first, messages, bytes);
    },
    { from, count, bytes: MESSAGE_BYTES },
  );
}

async function returnAndRead(reader: Person, size: number, last: number): Promise<BacklogResult> {
  await reader.returnToBrowser();
  const onScreenMs = await reader.page.evaluate(
    async ({ text, limit }) =>
      new Promise<number>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("the backlog did not arrive")), limit);
        const look = (): void => {
          document.querySelector<HTMLButtonElement>("button[aria-label^='Newest messages']")?.click();
          const articles = [...document.querySelectorAll("[role=log] article")];
          if (articles.at(-1)?.textContent.includes(text) === true) {
            clearTimeout(timer);
            resolve(performance.now());
          } else setTimeout(look, 20);
        };
        look();
      }),
    { text: `message ${last} `, limit: TIMEOUT_MS },
  );
  const longestTaskMs = await reader.page.evaluate(() => Math.max(0, ...(window.kithLongTasks ?? [])));
  const plainWritesMs = await plainWrites(reader.page, size);
  return {
    messages: size,
    onScreenMs,
    perMessageMs: onScreenMs / size,
    plainWritesMs,
    ratio: onScreenMs / plainWritesMs,
    longestTaskMs,
  };
}

async function plainWrites(page: Page, rows: number): Promise<number> {
  return page.evaluate(
    async ({ rows: count, bytes, batch }) => {
      const name = `kith-bench-${count}`;
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open(name, 1);
        request.onupgradeneeded = () => {
          request.result.createObjectStore("entries");
          request.result.createObjectStore("timeline");
        };
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error("the database did not open"));
      });
      const start = performance.now();
      for (let first = 0; first < count; first += batch) {
        const transaction = database.transaction(["entries", "timeline"], "readwrite", { durability: "strict" });
        for (let row = first; row < Math.min(count, first + batch); row += 1) {
          transaction.objectStore("entries").put({ bytes: new Uint8Array(bytes / 2), row }, ["entry", row]);
          transaction.objectStore("timeline").put({ text: "x".repeat(bytes / 2), row }, ["row", row]);
        }
        await new Promise((resolve) => {
          transaction.oncomplete = resolve;
        });
      }
      const elapsed = performance.now() - start;
      database.close();
      indexedDB.deleteDatabase(name);
      return elapsed;
    },
    { rows, bytes: STORED_BYTES, batch: BATCH_ROWS },
  );
}

function watchLongTasks(): void {
  window.kithLongTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.kithLongTasks?.push(entry.duration);
  }).observe({ type: "longtask", buffered: true });
}

declare global {
  interface Window {
    kithLongTasks?: number[];
  }
}
