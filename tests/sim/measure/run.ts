/**
 * `npm run sim -- --measure [--circle NAME]… [--online PERCENT]… [--seeds N]`: how long messages take to people who are online for a part of the day (all circles but group-50, or those named; 10, 30 and 60 % or those named), as a table
 * and as a JSON file in tests/bench/results. `npm run sim -- --plot FILE…` draws docs/delivery.svg from such files.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesText, durationText } from "./figures.ts";
import { measure, type Measured, type MeasureOptions } from "./measure.ts";
import { plot } from "./plot.ts";
import { summarise, type Summary } from "./summary.ts";

interface Plan extends Pick<MeasureOptions, "circle" | "messages"> {
  readonly seeds: number;
  /** Only where it is named: no matter of minutes. */
  readonly isLong?: boolean;
}

/** More messages and seeds where they cost little. */
const PLANS: Readonly<Record<string, Plan>> = {
  "two-0": { circle: { kind: "two", couriers: 0 }, messages: 40, seeds: 20 },
  "two-1": { circle: { kind: "two", couriers: 1 }, messages: 40, seeds: 20 },
  "two-2": { circle: { kind: "two", couriers: 2 }, messages: 40, seeds: 20 },
  "two-3": { circle: { kind: "two", couriers: 3 }, messages: 40, seeds: 20 },
  "group-3": { circle: { kind: "group", members: 3 }, messages: 40, seeds: 8 },
  "group-10": { circle: { kind: "group", members: 10 }, messages: 20, seeds: 2 },
  "group-50": { circle: { kind: "group", members: 50 }, messages: 6, seeds: 1, isLong: true },
};
const SHARES = [0.1, 0.3, 0.6] as const;
const DAYS = { writeDays: 2, followDays: 3 } as const;
const ROOT = join(import.meta.dirname, "..", "..", "..");
const PLOT = join(ROOT, "docs", "delivery.svg");
const RESULTS = join(ROOT, "tests", "bench", "results");

export const CIRCLE_NAMES = Object.keys(PLANS);

/** Exit status 1 if anything was not as it must be. */
export interface WhatToMeasure {
  /** Names; none: all that take minutes. */
  readonly circles: readonly string[];
  /** Of the day, up to 1; none: the usual ones. */
  readonly shares: readonly number[];
  /** As many as are planned, if left out. */
  readonly seeds: number | undefined;
}

export async function runMeasure({ circles, shares, seeds }: WhatToMeasure): Promise<number> {
  console.log(HEAD);
  const summaries: Summary[] = [];
  for (const [name, plan] of Object.entries(PLANS)) {
    const isWanted = circles.length > 0 ? circles.includes(name) : plan.isLong !== true;
    if (!isWanted) continue;
    for (const share of shares.length > 0 ? shares : SHARES) {
      const startedAt = performance.now();
      const runs: Measured[] = [];
      for (let seed = 1; seed <= (seeds ?? plan.seeds); seed += 1) {
        runs.push(await measure({ seed, share, ...plan, ...DAYS }));
      }
      const summary = summarise(plan.circle, share, runs);
      summaries.push(summary);
      console.log(rowOf(summary));
      const seconds = (performance.now() - startedAt) / 1_000;
      console.error(`${name} at ${share * 100} %: ${runs.length} seeds in ${seconds.toFixed(0)} s`);
      for (const failure of summary.failures) console.error(`  FAILS: ${failure}`);
    }
  }
  await mkdir(RESULTS, { recursive: true });
  const file = join(RESULTS, `delivery-${new Date().toISOString().replaceAll(":", "-")}.json`);
  await writeFile(file, `${JSON.stringify({ days: DAYS, summaries }, undefined, 2)}\n`);
  console.log(`\n${file}`);
  return summaries.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

export async function runPlot(files: readonly string[]): Promise<void> {
  const read = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const summaries = read.flatMap((text) => (JSON.parse(text) as { readonly summaries: readonly Summary[] }).summaries);
  await writeFile(PLOT, plot(summaries));
  console.log(PLOT);
}

const HEAD = `| who | online | sender must be online: median | 95 % | Kith: median | 95 % | best possible: median | 95 % | later with Kith | bytes, of which content | held for others: mean, most |
|---|---|---|---|---|---|---|---|---|---|---|`;

function rowOf({ circle, share, kith, bothOnline, possible, later, bytes, held }: Summary): string {
  const cells = [
    circle.kind === "two" ? `1:1, ${circle.couriers} couriers` : `group of ${circle.members}`,
    `${share * 100} %`,
    ...[bothOnline, kith, possible].flatMap((found) => [
      figure(found.median, found.medianRange),
      `${figure(found.p95, found.p95Range)}${found.missing > 0 ? `, ${(found.missing * 100).toFixed(1)} % missing` : ""}`,
    ]),
    `${(later * 100).toFixed(1)} %`,
    `${bytesText(bytes.all)}, ${bytesText(bytes.content)}`,
    `${bytesText(held.mean)}, ${bytesText(held.most)}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

function figure(ms: number | null, [low, high]: readonly [number | null, number | null]): string {
  return `${timeText(ms)} (${timeText(low)}–${timeText(high)})`;
}

function timeText(ms: number | null): string {
  return ms === null ? `> ${DAYS.followDays} d` : durationText(ms);
}
