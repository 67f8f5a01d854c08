/** `npm run lab -- --rungs near,far [--rounds N]`: what each rung of the ladder costs beside bare WebRTC, as a table and a JSON file. */
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { rungTable } from "./rung-table.ts";
import { measureRungs, type RungName, type RungResult } from "./rungs.ts";

const RUNGS: readonly RungName[] = ["direct", "relay", "helper"];

/** `lines`: "near" or "far" or both. */
export async function runRungs(lines: readonly string[], rounds: number): Promise<void> {
  const startedAt = new Date().toISOString();
  const results: RungResult[] = [];
  for (const line of lines) results.push(...(await measureRungs({ isFar: line === "far", rounds, rungs: RUNGS })));
  console.log(`\n${cpus().length} cores; medians (smallest–largest) of ${rounds} rounds\n\n${rungTable(results)}`);
  const folder = join(import.meta.dirname, "results");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `rungs-${startedAt.replaceAll(":", "-")}.json`);
  await writeFile(file, `${JSON.stringify({ startedAt, rounds, results }, undefined, 2)}\n`);
}
