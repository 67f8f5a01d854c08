/**
 * A backlog handed over to a person who returns: until the last message is on disk and until it is on the screen, from the navigation and
 * from the moment there is a link, against plain batched writes of the very same rows in the same page.
 */
import type { Page } from "@playwright/test";
import type { Plugin } from "vite";
import type { Person } from "../support/person.ts";
import type { World } from "../support/world.ts";
import { startCoreServer } from "./core-server.ts";
import { type Figure, format, median, summarise } from "./statistics.ts";
import { plainWrites, type PlainWrites, watchWrites, writeTimes } from "./watched-writes.ts";

const MESSAGE_BYTES = 200;
const TIMEOUT_MS = 240_000;
const PLAIN_REPETITIONS = 3;

export interface BacklogResult {
  readonly messages: number;
  /** From navigation to the first link to the writer: what start and connecting take. */
  readonly linkMs: number;
  /** From navigation until the last message was on disk, and until it was on the screen. */
  readonly onDiskMs: number;
  readonly onScreenMs: number;
  readonly plain: PlainWrites;
  /** From the link to the screen ÷ plain writes. */
  readonly ratio: number;
  /** From the link to the disk ÷ plain writes. */
  readonly diskRatio: number;
  /** From navigation to the screen ÷ plain writes. */
  readonly navigationRatio: number;
  readonly longestTaskMs: number;
}

/** Another build than the world's: where the reader opens it, and what makes the writer's page the same. */
export interface OtherBuild {
  readonly appUrl: string;
  readonly plugins: readonly Plugin[];
}

/** Backlogs of these sizes, one after the other, in one conversation. */
export async function measureBacklogs(
  world: World,
  sizes: readonly number[],
  { appUrl, plugins }: OtherBuild = { appUrl: world.app.url, plugins: [] },
): Promise<readonly BacklogResult[]> {
  const server = await startCoreServer(world.relay.address, plugins);
  try {
    const { writer, reader } = await writerAndReader(world, server.url, appUrl, [watchWrites, watchTasksAndLink]);
    const results: BacklogResult[] = [];
    let written = 0;
    for (const size of sizes) {
      await writeWhileAway(writer.page, reader, written, size);
      written += size;
      results.push(await returnAndRead(reader, size, written - 1));
    }
    return results;
  } finally {
    await server.close();
  }
}

/** Two people who are contacts: one of a page without a screen, one of the app. */
export async function writerAndReader(
  world: World,
  writerUrl: string,
  appUrl: string,
  scripts: readonly (() => void)[] = [],
): Promise<{ readonly writer: Person; readonly reader: Person }> {
  const writer = await world.person("Writer");
  await writer.page.goto(writerUrl);
  await writer.page.waitForFunction(() => window.kithCore !== undefined, undefined, { timeout: TIMEOUT_MS });
  await writer.page.evaluate(() => window.kithCore?.start("Writer"));
  const link = (await writer.page.evaluate(() => window.kithCore?.invite())) ?? "";
  const reader = await world.person("Reader", { appUrl, scripts });
  await reader.open(`${appUrl}${link.slice(link.indexOf("#"))}`);
  await reader.start();
  await reader.send("I am here");
  await reader.expectState("I am here", /Delivered|Read/, 20_000);
  return { writer, reader };
}

/** Messages `from` to `from + count` wait for the reader, whose browser is closed. */
export async function writeWhileAway(writer: Page, reader: Person, from: number, count: number): Promise<void> {
  await reader.closeBrowser();
  // Nothing of it may leave the outbox before it is asked for.
  await writer.evaluate(() => window.kithCore?.unlinked());
  await write(writer, from, count);
}

export function backlogRows(backlogs: readonly BacklogResult[]): readonly Figure[] {
  return backlogs.flatMap((result): readonly Figure[] => {
    const { messages, linkMs, onScreenMs, plain, ratio, diskRatio, navigationRatio, longestTaskMs } = result;
    const each = ((onScreenMs - linkMs) / messages).toFixed(2);
    return [
      [
        `backlog of ${messages}: link up to the last on screen, aim ≤ 2 × plain writes`,
        `${(onScreenMs - linkMs).toFixed(0)} ms, ${each} ms each, ${ratio.toFixed(1)} × (on disk ${diskRatio.toFixed(1)} ×)`,
      ],
      [
        `backlog of ${messages}: navigation to the last on screen; to the link`,
        `${onScreenMs.toFixed(0)} ms, ${navigationRatio.toFixed(1)} ×; ${linkMs.toFixed(0)} ms`,
      ],
      [
        `backlog of ${messages}: plain writes of the same rows`,
        `${format(summarise(plain.samplesMs), "ms")}, ${plain.transactions} transactions, ${plain.rowsPerMessage.toFixed(2)} rows and ${plain.bytesPerMessage.toFixed(0)} bytes a message`,
      ],
      [`backlog of ${messages}: longest task of the recipient`, `${longestTaskMs.toFixed(0)} ms`],
    ];
  });
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

/** When the last message was on the screen, in milliseconds since the navigation. */
export async function lastOnScreen(page: Page, last: number): Promise<number> {
  return page.evaluate(
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
}

async function returnAndRead(reader: Person, size: number, last: number): Promise<BacklogResult> {
  await reader.returnToBrowser();
  const onScreenMs = await lastOnScreen(reader.page, last);
  const longestTaskMs = await reader.page.evaluate(() => Math.max(0, ...(window.kithLongTasks ?? [])));
  const { firstWriteMs, onDiskMs } = await writeTimes(reader.page);
  const linkMs = Math.min(firstWriteMs, await reader.page.evaluate(() => window.kithLinkMs ?? Infinity));
  const plain = await plainWrites(reader.page, size, PLAIN_REPETITIONS);
  const plainMs = median(plain.samplesMs);
  return {
    messages: size,
    linkMs,
    onDiskMs,
    onScreenMs,
    plain,
    ratio: (onScreenMs - linkMs) / plainMs,
    diskRatio: (onDiskMs - linkMs) / plainMs,
    navigationRatio: onScreenMs / plainMs,
    longestTaskMs,
  };
}

/** To run in a page before its own scripts. */
export function watchTasksAndLink(): void {
  window.kithLongTasks = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.kithLongTasks?.push(entry.duration);
  }).observe({ type: "longtask", buffered: true });
  new MutationObserver((_changes, observer) => {
    const connection = document.querySelector('[role=status][aria-label="Connection"]')?.textContent ?? "";
    if (!/Direct|Through/.test(connection)) return;
    window.kithLinkMs = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true, characterData: true });
}

declare global {
  interface Window {
    kithLongTasks?: number[];
    /** When the screen first said how the other is reached. */
    kithLinkMs?: number;
  }
}
