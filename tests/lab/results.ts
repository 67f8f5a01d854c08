/** The rows of runs in a JSON file: a run can be one part of the whole, whose rows join those of the parts before. */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { dirname } from "node:path";
import { PAIRS } from "./pairs.ts";
import type { StoryResult } from "./story.ts";

export interface Row extends StoryResult {
  /** Of the machine in the minute before its end: how many processes wanted to run. */
  readonly load: number;
}

/** None where there is no such file. */
export async function readRows(file: string): Promise<readonly Row[]> {
  if (!existsSync(file)) return [];
  const { results } = JSON.parse(await readFile(file, "utf8")) as { readonly results: readonly Row[] };
  return results;
}

export async function writeRows(file: string, startedAt: string, results: readonly Row[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ startedAt, cores: cpus().length, results }, undefined, 2)}\n`);
}

/** In the order of the pairs; the new row takes the place of one of the same pair. */
export function withRow(rows: readonly Row[], row: Row): readonly Row[] {
  const place = ({ pair, hasHelper }: Row): number =>
    2 * PAIRS.findIndex(({ name }) => name === pair) + Number(hasHelper);
  return [...rows.filter((other) => place(other) !== place(row)), row].toSorted((a, b) => place(a) - place(b));
}
