/**
 * `npm run lab [-- --pairs cone/cone,lan …] [--helper none|open|both] [--into FILE]`: pairs of real browsers in networks of every kind, as
 * a table and as a JSON file in tests/lab/results. With --into, rows are added to that file, or take the place of those of the same pair, and
 * the table is of all in it: the whole in parts. `--rungs near,far [--rounds N]` measures instead what each rung costs, `--only helper` one of them, `--unpaced` without the pace that a helper keeps. Linux and root; elsewhere it says why not and ends well.
 */
import { loadavg } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ensureBuilt } from "../../scripts/build-app.ts";
import { ensureChromium } from "../../scripts/ensure-chromium.ts";
import { Lab } from "./lab.ts";
import { findPair, type Pair, PAIRS } from "./pairs.ts";
import { brokenPromises } from "./promises.ts";
import { readRows, type Row, withRow, writeRows } from "./results.ts";
import { RUNGS, runRungs } from "./run-rungs.ts";
import { tellStory } from "./story.ts";
import { tableOf } from "./table.ts";
import { reasonAgainstLab } from "./tools.ts";

const STATUS_BAD_USE = 2;
const HELPERS: Readonly<Record<string, readonly boolean[]>> = { none: [false], open: [true], both: [false, true] };
const LINES: ReadonlySet<string> = new Set(["near", "far"]);

const { values } = parseArgs({
  options: {
    pairs: { type: "string", default: PAIRS.map(({ name }) => name).join(",") },
    helper: { type: "string", default: "both" },
    into: { type: "string" },
    rungs: { type: "string" },
    rounds: { type: "string", default: "9" },
    only: { type: "string", default: RUNGS.join(",") },
    unpaced: { type: "boolean", default: false },
  },
});
const pairs = values.pairs.split(",").map(pairNamed);
const helpers = HELPERS[values.helper] ?? complain(`--helper is ${Object.keys(HELPERS).join(", ")}`);

const reason = await reasonAgainstLab();
if (reason !== undefined) {
  console.log(`SKIP the lab: ${reason}`);
  process.exit(0);
}
if (!(await ensureChromium())) complain("there is no Chromium: install one, or name its path in KITH_CHROMIUM");
await ensureBuilt();
if (values.rungs !== undefined) {
  const lines = values.rungs.split(",");
  const rounds = Number(values.rounds);
  if (!lines.every((line) => LINES.has(line))) complain(`--rungs is ${[...LINES].join(", ")}, or both`);
  if (!Number.isInteger(rounds) || rounds < 1) complain("--rounds takes a whole number from 1");
  const only = values.only.split(",");
  if (!only.every((name) => RUNGS.some((rung) => rung === name))) complain(`--only is ${RUNGS.join(", ")}`);
  await runRungs({ lines, rounds, rungs: RUNGS.filter((rung) => only.includes(rung)), isPaced: !values.unpaced });
  process.exit(0);
}

const startedAt = new Date().toISOString();
const file = resolve(values.into ?? join(import.meta.dirname, "results", `${startedAt.replaceAll(":", "-")}.json`));
let results = await readRows(file);
let isStopped = false;
for (const pair of pairs) {
  for (const hasHelper of helpers) {
    const result = await inOwnLab(pair, hasHelper);
    if (result === undefined) continue;
    results = withRow(results, result);
    await writeRows(file, startedAt, results);
  }
}
console.log(`\n${tableOf(results)}`);

/** Undefined, and an exit status, when the story could not be told to its end. */
async function inOwnLab(pair: Pair, hasHelper: boolean): Promise<Row | undefined> {
  const name = `${pair.name}${hasHelper ? " with a helper" : ""}`;
  const lab = await Lab.open();
  const stop = (): void => {
    isStopped = true;
    void lab.close().finally(() => process.exit(1));
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    const result = { ...(await tellStory(lab, pair, hasHelper)), load: loadavg()[0] ?? Number.NaN };
    console.log(`${name}: ${JSON.stringify(result)}`);
    for (const words of brokenPromises(result)) {
      console.error(`${name} breaks a promise: ${words}`);
      process.exitCode = 1;
    }
    return result;
  } catch (error) {
    console.error(`${name} broke off:`, error);
    process.exitCode = 1;
    return undefined;
  } finally {
    // What was interrupted is being tidied up, and the process ends with that.
    if (isStopped) await new Promise<never>(() => undefined);
    process.off("SIGINT", stop).off("SIGTERM", stop);
    await lab.close();
  }
}

function pairNamed(name: string): Pair {
  return (
    findPair(name) ?? complain(`no pair is called "${name}": there are ${PAIRS.map((pair) => pair.name).join(", ")}`)
  );
}

function complain(words: string): never {
  console.error(`kith lab: ${words}`);
  process.exit(STATUS_BAD_USE);
}
