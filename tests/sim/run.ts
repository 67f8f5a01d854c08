/**
 * `npm run sim [-- --seed N] [--people 6] [--days 14] [--suite model|real] [--break NAME] [--hours H] [--seeds N] [--no-groups] [--trace]`: the real core over a
 * virtual network and clock. `--hours`: as many seeds as fit, counted; fractions are fine. `--seeds`: so many. `--break`: with a planted fault.
 * `--measure [--circle NAME]… [--online PERCENT]… [--seeds N]`: how long messages take; `--plot FILE…`: its figures as a picture (measure/run.ts). `--no-groups`: nobody founds groups.
 * `--trace`: every event. The last line is a summary with the seed; exit status 1 if an invariant broke, 2 if it was asked for wrongly.
 */
import { parseArgs } from "node:util";
import { SIM_FAULTS } from "./faults.ts";
import { CIRCLE_NAMES, runMeasure, runPlot } from "./measure/run.ts";
import { DEFAULT_DAYS, LEAST_PEOPLE, MOST_PEOPLE, type SimOptions } from "./options.ts";
import { simulate, type SimResult } from "./simulate.ts";

const MS_PER_HOUR = 3_600_000;
const MOST_SEEDS = 1_000_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    measure: { type: "boolean", default: false },
    circle: { type: "string", multiple: true, default: [] },
    online: { type: "string", multiple: true, default: [] },
    plot: { type: "boolean", default: false },
    seed: { type: "string" },
    people: { type: "string" },
    days: { type: "string" },
    suite: { type: "string" },
    break: { type: "string" },
    hours: { type: "string" },
    seeds: { type: "string" },
    "no-groups": { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
  },
});

if (values.plot) await runPlot(positionals);
else if (positionals.length > 0) refuse(`${positionals.join(" ")} means nothing here`);
if (values.measure) await measureAndEnd();
if (values.plot) process.exit();

const first = numberOf("seed", values.seed, 1, 0, 2 ** 31);
const days = numberOf("days", values.days, DEFAULT_DAYS, 1, 365);
const people =
  values.people === undefined ? undefined : numberOf("people", values.people, LEAST_PEOPLE, 2, MOST_PEOPLE);
const suite = values.suite ?? "model";
if (suite !== "model" && suite !== "real") refuse("--suite is model or real");
const fault = SIM_FAULTS.find(({ name }) => name === values.break);
if (values.break !== undefined && fault === undefined) {
  refuse(`no fault is called ${values.break}; there are: ${SIM_FAULTS.map(({ name }) => name).join(", ")}`);
}
const hours = values.hours === undefined ? undefined : Number(values.hours);
if (hours !== undefined && !(hours > 0 && hours <= 1_000)) refuse("--hours takes a number of hours");
const wanted = hours === undefined ? numberOf("seeds", values.seeds, 1, 1, MOST_SEEDS) : MOST_SEEDS;

const startedAt = performance.now();
/** Without their worlds, which hold some ten megabytes each. */
const results: Omit<SimResult, "world">[] = [];
const broken: number[] = [];
for (let seed = first; seed < first + wanted; seed += 1) {
  if (hours !== undefined && results.length > 0 && performance.now() - startedAt > hours * MS_PER_HOUR) break;
  const { world: _world, ...result } = await simulate(optionsFor(seed), fault);
  results.push(result);
  report(result);
}
process.exitCode = broken.length === 0 ? 0 : 1;
console.log(summary());

async function measureAndEnd(): Promise<never> {
  const unknown = values.circle.filter((name) => !CIRCLE_NAMES.includes(name));
  if (unknown.length > 0) refuse(`no circle is called ${unknown.join(" or ")}; there are: ${CIRCLE_NAMES.join(", ")}`);
  const seeds = values.seeds === undefined ? undefined : numberOf("seeds", values.seeds, 1, 1, MOST_SEEDS);
  const shares = values.online.map((percent) => numberOf("online", percent, 0, 1, 100) / 100);
  process.exit(await runMeasure({ circles: values.circle, shares, seeds }));
}

function optionsFor(seed: number): SimOptions {
  return {
    seed,
    days,
    hasGroups: !values["no-groups"],
    suite: suite === "real" ? "real" : "model",
    ...(people === undefined ? {} : { people }),
    ...(values.trace ? { trace: (line: string) => console.log(line) } : {}),
  };
}

function report({
  seed,
  people: count,
  messages,
  groups,
  events,
  digest,
  healedInMs,
  failures,
}: Omit<SimResult, "world">): void {
  const verdict = failures.length === 0 ? "holds" : "BROKEN";
  console.log(
    `seed ${seed}: ${verdict}; ${count} people, ${days} days, ${messages} messages, ${groups} groups, settled after ${Math.round(healedInMs / 60_000)} min, ${events} events, log ${digest}`,
  );
  if (failures.length === 0) return;
  broken.push(seed);
  for (const failure of failures) console.log(`  ${failure}`);
  console.log(`  replay: npm run sim -- ${replayOf(seed)}`);
}

function replayOf(seed: number): string {
  const parts = [`--seed ${seed}`, `--days ${days}`, `--suite ${suite}`];
  if (people !== undefined) parts.push(`--people ${people}`);
  if (values["no-groups"]) parts.push("--no-groups");
  if (fault !== undefined) parts.push(`--break ${fault.name}`);
  return parts.join(" ");
}

function summary(): string {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  const last = first + results.length - 1;
  const which = results.length === 1 ? `seed ${first}` : `${results.length} seeds (${first} to ${last})`;
  const messages = results.reduce((sum, result) => sum + result.messages, 0);
  const verdict = broken.length === 0 ? "all invariants hold" : `${broken.length} broken (seed ${broken.join(", ")})`;
  const groups = results.reduce((sum, result) => sum + result.groups, 0);
  const forks = results.reduce((sum, result) => sum + result.forks, 0);
  const reordered = results.reduce((sum, result) => sum + result.reordered, 0);
  const left = results.reduce((sum, { parcels }) => sum + parcels.left, 0);
  const handedOver = results.reduce((sum, { parcels }) => sum + parcels.handedOver, 0);
  const held = `${groups} groups (${forks} split by an old copy, ${reordered} in two orders), ${left} parcels (${handedOver} handed over)`;
  const what = `${days} days, ${messages} messages, ${held}`;
  return `sim: ${which}, ${suite} suite, ${what}: ${verdict} in ${seconds} s`;
}

function numberOf(name: string, text: string | undefined, otherwise: number, least: number, most: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    refuse(`--${name} takes a whole number from ${least} to ${most}`);
  }
  return value;
}

function refuse(why: string): never {
  console.error(`kith sim: ${why}`);
  process.exit(2);
}
