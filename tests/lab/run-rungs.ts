/** `npm run lab -- --rungs near,far [--rounds N] [--only helper] [--unpaced]`: what each rung of the ladder costs beside bare WebRTC, as a table and a JSON file. */
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { rungTable } from "./rung-table.ts";
import { measureRungs, type RungName, type RungResult } from "./rungs.ts";

export const RUNGS: readonly RungName[] = ["direct", "relay", "helper"];

export interface RungsToRun {
  /** "near" or "far" or both. */
  readonly lines: readonly string[];
  readonly rounds: number;
  readonly rungs: readonly RungName[];
  readonly isPaced: boolean;
}

export async function runRungs({ lines, rounds, rungs, isPaced }: RungsToRun): Promise<void> {
  const startedAt = new Date().toISOString();
  const results: RungResult[] = [];
  for (const line of lines) results.push(...(await measureRungs({ isFar: line === "far", rounds, rungs, isPaced })));
  console.log(`\n${cpus().length} cores; medians (smallest–largest) of ${rounds} rounds\n\n${rungTable(results)}`);
  const folder = join(import.meta.dirname, "results");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `rungs-${startedAt.replaceAll(":", "-")}.json`);
  await writeFile(file, `${JSON.stringify({ startedAt, rounds, results }, undefined, 2)}\n`);
}
