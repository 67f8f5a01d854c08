/** The primitives of suite 1 and whole rekeys, in Node and in Chromium, with the longest task of the page's main thread. */
import { setImmediate as nextTask } from "node:timers/promises";
import { chromium, type Page } from "@playwright/test";
import { chromiumLaunchOptions } from "../support/chromium.ts";
import { traceTasks } from "../support/main-thread.ts";
import { startCoreServer } from "./core-server.ts";
import { measurePrimitives, measureRekey, recipientKeys, type RekeyFigures } from "./crypto-work.ts";
import { type Figure, format, type Summary, summarise } from "./statistics.ts";

const ROUNDS = 100;
const LOAD_LIMIT_MS = 60_000;

interface CryptoPlace {
  readonly primitives: Readonly<Record<string, Summary>>;
  readonly rekeys: readonly (RekeyFigures & { readonly longestTaskMs?: number })[];
}

export interface CryptoResult {
  readonly node: CryptoPlace;
  readonly chromium: CryptoPlace;
}

/** `rekeysFor`: numbers of recipients. */
export async function measureCrypto(rekeysFor: readonly number[]): Promise<CryptoResult> {
  const primitives = summaries(measurePrimitives(ROUNDS));
  const rekeys: RekeyFigures[] = [];
  for (const recipients of rekeysFor) rekeys.push(await measureRekey(recipientKeys(recipients), () => nextTask()));
  return { node: { primitives, rekeys }, chromium: await inChromium(rekeysFor) };
}

/** Rows of the table. */
export function cryptoRows({ node, chromium: page }: CryptoResult): readonly Figure[] {
  return Object.entries({ Node: node, Chromium: page }).flatMap(([place, { primitives, rekeys }]) => [
    ...Object.entries(primitives).map(([name, times]) => [`${place}: ${name}`, format(times, "ms")] as const),
    ...rekeys.map(({ recipients, ms, bytes, longestMs, longestTaskMs }) => {
      const task = longestTaskMs === undefined ? "" : `, longest task ${longestTaskMs.toFixed(0)} ms of processor time`;
      const size = `${(bytes / 1_000).toFixed(0)} kB`;
      return [
        `${place}: rekey for ${recipients}`,
        `${ms.toFixed(0)} ms, ${size}, longest stretch ${longestMs.toFixed(0)} ms${task}`,
      ] as const;
    }),
  ]);
}

async function inChromium(rekeysFor: readonly number[]): Promise<CryptoPlace> {
  const server = await startCoreServer("");
  const browser = await chromium.launch(chromiumLaunchOptions());
  try {
    const page = await browser.newPage();
    await page.goto(new URL("crypto-page.html", server.url).href);
    await page.waitForFunction(() => window.kithCrypto !== undefined, undefined, { timeout: LOAD_LIMIT_MS });
    const primitives = summaries(
      (await page.evaluate((rounds) => window.kithCrypto?.primitives(rounds), ROUNDS)) ?? {},
    );
    const rekeys: (RekeyFigures & { readonly longestTaskMs: number })[] = [];
    for (const recipients of rekeysFor) rekeys.push(await rekeyIn(page, recipients));
    return { primitives, rekeys };
  } finally {
    await browser.close();
    await server.close();
  }
}

async function rekeyIn(page: Page, recipients: number): Promise<RekeyFigures & { readonly longestTaskMs: number }> {
  await page.evaluate((count) => window.kithCrypto?.prepare(count), recipients);
  let figures: RekeyFigures | undefined;
  const tasks = await traceTasks(page, async () => {
    figures = await page.evaluate(() => window.kithCrypto?.rekey());
  });
  if (figures === undefined) throw new Error("the page has no cryptography");
  return { ...figures, longestTaskMs: tasks[0]?.ms ?? Number.NaN };
}

function summaries(times: Readonly<Record<string, readonly number[]>>): Readonly<Record<string, Summary>> {
  return Object.fromEntries(Object.entries(times).map(([name, samples]) => [name, summarise(samples)]));
}
