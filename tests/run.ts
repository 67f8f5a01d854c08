/**
 * `npm test`: every check and test, in phases. The last line is `N passed, N failed`; exit status 1 if anything failed. A phase that
 * crashed or ran nothing counts as one failure. `npm test -- PHASE …` runs only those phases.
 */
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildApp, ROOT_FOLDER } from "../scripts/build-app.ts";
import { ensureChromium } from "../scripts/ensure-chromium.ts";
import { ensureFirefox } from "../scripts/ensure-firefox.ts";
import { runProcess } from "../scripts/run-process.ts";
import { runStaticChecks, type Tally } from "../scripts/static-checks.ts";
import { reasonAgainstLab } from "./lab/tools.ts";
import { failuresIn, tellFailures } from "./told-failures.ts";

const REPORTS = join(ROOT_FOLDER, "test-results", "reports");
const BIN = join(ROOT_FOLDER, "node_modules", ".bin");
const MS_PER_MINUTE = 60_000;
const ONE_PASSED: Tally = { passed: 1, failed: 0 };
const ONE_FAILED: Tally = { passed: 0, failed: 1 };

const PHASES: Readonly<Record<string, () => Promise<Tally>>> = {
  check: runStaticChecks,
  unit: async () => runVitest("unit", 10 * MS_PER_MINUTE),
  browser: async () => runVitest("browser", 10 * MS_PER_MINUTE),
  build: async () => {
    await buildApp();
    const { passed, failed } = await runVitest("build", 5 * MS_PER_MINUTE);
    return { passed: ONE_PASSED.passed + passed, failed };
  },
  sim: async () => runVitest("sim", 18 * MS_PER_MINUTE + simBudgetMs()),
  e2e: async () => runPlaywright("e2e", 45 * MS_PER_MINUTE),
  lab: runLab,
};
/** Browsers mostly wait: the simulation takes what they leave of the processors, and is shown when they have ended. */
const BACKGROUND_PHASE = "sim";

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(PHASES, name));
if (unknown.length > 0) {
  console.error(`kith test: no phase "${unknown[0] ?? ""}": there are ${Object.keys(PHASES).join(", ")}`);
  process.exit(2);
}

await mkdir(REPORTS, { recursive: true });
const total = { passed: 0, failed: 0 };
const failures: string[] = [];
const needsBrowser = isAsked("browser") || isAsked("e2e");
if (needsBrowser && !(await ensureChromium())) {
  console.log("FAIL no Chromium: install one, or name its path in KITH_CHROMIUM");
  total.failed += 1;
}
if (isAsked("e2e")) {
  const reason = await ensureFirefox();
  if (reason !== undefined) console.log(`SKIP what needs a Firefox: ${reason}`);
}
let besides: Promise<void> = Promise.resolve();
for (const name of Object.keys(PHASES).filter(isAsked)) {
  if (name === BACKGROUND_PHASE && isAsked("e2e")) besides = runPhase(name);
  else await runPhase(name);
}
await besides;
process.exitCode = total.failed === 0 ? 0 : 1;
if (failures.length > 0) console.log(`\n── what failed ${"─".repeat(60)}\n\n${tellFailures(failures)}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);

/** What the simulation is given by KITH_SIM_SECONDS. */
function simBudgetMs(): number {
  return Number(process.env["KITH_SIM_SECONDS"] ?? "0") * 1_000;
}

function isAsked(name: string): boolean {
  return asked.length === 0 || asked.includes(name);
}

async function runPhase(name: string): Promise<void> {
  console.log(`\n── ${name} ${"─".repeat(70 - name.length)}`);
  const startedAt = performance.now();
  const tally = await attempt(name, PHASES[name] ?? (async () => ONE_FAILED));
  total.passed += tally.passed;
  total.failed += tally.failed;
  const seconds = (performance.now() - startedAt) / 1_000;
  console.log(`── ${name}: ${tally.passed} passed, ${tally.failed} failed in ${seconds.toFixed(1)} s`);
}

async function attempt(name: string, phase: () => Promise<Tally>): Promise<Tally> {
  try {
    return await phase();
  } catch (error) {
    console.error(`FAIL ${name}:`, error);
    return ONE_FAILED;
  }
}

async function runVitest(project: string, limitMs: number): Promise<Tally> {
  const report = await freshReport(project);
  const args = ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const isInBackground = project === BACKGROUND_PHASE && isAsked("e2e");
  const result = await runProcess(join(BIN, "vitest"), args, { limitMs, isShown: !isInBackground, isInBackground });
  if (isInBackground) console.log(`\n── ${project}, beside the browsers\n${result.output}`);
  const counts = await readReport(report, (value) => ({
    passed: count(value, "numPassedTests"),
    failed: count(value, "numFailedTests"),
  }));
  return judge(counts, result);
}

/** The short form of `npm run lab`. */
async function runLab(): Promise<Tally> {
  const reason = await reasonAgainstLab();
  const limitMs = (process.env["KITH_LONG"] === "1" ? 30 : 5) * MS_PER_MINUTE;
  if (reason === undefined) return runPlaywright("lab", limitMs, "--config", "tests/lab/playwright.config.ts");
  console.log(`SKIP the lab: ${reason}`);
  return { passed: 0, failed: 0 };
}

async function runPlaywright(name: string, limitMs: number, ...args: readonly string[]): Promise<Tally> {
  const report = await freshReport(name);
  const env = { KITH_E2E_REPORT: report };
  const result = await runProcess(join(BIN, "playwright"), ["test", ...args], { limitMs, isShown: true, env });
  const counts = await readReport(report, (value) => {
    const stats = field(value, "stats");
    return { passed: count(stats, "expected"), failed: count(stats, "unexpected") + count(stats, "flaky") };
  });
  return judge(counts, result);
}

/** A phase without a report, without tests, or with a bad end that no failed test explains, has failed. */
function judge(counts: Tally | undefined, result: { readonly status: number; readonly isTimedOut: boolean }): Tally {
  if (result.isTimedOut) console.log("FAIL the phase took too long and was ended");
  if (counts === undefined) return ONE_FAILED;
  const ranNothing = counts.passed + counts.failed === 0;
  if (ranNothing) console.log("FAIL no tests ran");
  const isUnexplained = counts.failed === 0 && (ranNothing || result.status !== 0 || result.isTimedOut);
  return isUnexplained ? { ...counts, failed: 1 } : counts;
}

async function freshReport(name: string): Promise<string> {
  const path = join(REPORTS, `${name}.json`);
  await rm(path, { force: true });
  return path;
}

async function readReport(path: string, tally: (value: unknown) => Tally): Promise<Tally | undefined> {
  try {
    const report: unknown = JSON.parse(await readFile(path, "utf8"));
    failures.push(...failuresIn(report));
    return tally(report);
  } catch (error) {
    console.log(`FAIL no report: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (Object.entries(value).find(([key]) => key === name)?.[1] as unknown)
    : undefined;
}

function count(value: unknown, name: string): number {
  const found = field(value, name);
  if (typeof found !== "number") throw new Error(`${name} is missing`);
  return found;
}
