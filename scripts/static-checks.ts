/** The checks that need no running program: format, lint with the layer rules, types, dead code, size. */
import { join } from "node:path";
import { ROOT_FOLDER } from "./build-app.ts";
import { runProcess } from "./run-process.ts";

const LIMIT_MS = 180_000;
const BIN = join(ROOT_FOLDER, "node_modules", ".bin");

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly isOutputShown?: boolean;
}

const tool = (name: string, ...args: readonly string[]): [string, ...string[]] => [join(BIN, name), ...args];
const types = (name: string, project: string): Check => ({
  name: `types of ${name}`,
  command: tool("tsc", "-p", project),
});

/** Long ones first: they run two at a time. */
const CHECKS: readonly Check[] = [
  {
    name: "size budget",
    command: [process.execPath, join(ROOT_FOLDER, "scripts", "size-budget.ts")],
    isOutputShown: true,
  },
  { name: "format", command: tool("prettier", "--check", "--log-level", "warn", ".") },
  { name: "lint and layers", command: tool("oxlint") },
  { name: "dead code", command: tool("knip") },
  types("core", "src/core"),
  types("the app", "tsconfig.app.json"),
  types("the relay", "src/relay"),
  types("the service worker", "src/sw/worker"),
  types("the scripts", "tsconfig.node.json"),
  types("the tests", "tests"),
];

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

export async function runStaticChecks(): Promise<Tally> {
  const waiting = [...CHECKS];
  const results: boolean[] = [];
  const work = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) results.push(await runCheck(check));
  };
  await Promise.all([work(), work()]);
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

async function runCheck(check: Check): Promise<boolean> {
  const [command, ...args] = check.command;
  const result = await runProcess(command, args, { limitMs: LIMIT_MS });
  const isOk = result.status === 0 && !result.isTimedOut;
  console.log(
    `${isOk ? "ok  " : "FAIL"} ${check.name} (${result.seconds.toFixed(1)} s)${result.isTimedOut ? ": no end in sight" : ""}`,
  );
  if (!isOk || check.isOutputShown === true) console.log(result.output.trimEnd());
  return isOk;
}
