/**
 * `npm run lighthouse -- --from FOLDER`: Lighthouse's scores for accessibility and best practices of the start screen of the built app.
 * FOLDER is any place where `npm install lighthouse` was run: the package is not part of this project (decision 27). Ends with
 * status 1 if a score is below 95.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { startStaticServer } from "../src/relay/static-server.ts";
import { chromiumLaunchOptions } from "../tests/support/chromium.ts";
import { ensureBuilt, OUTPUT_FOLDER } from "./build-app.ts";
import { runProcess } from "./run-process.ts";

const LEAST_SCORE = 95;
const LIMIT_MS = 120_000;
const CATEGORIES = ["accessibility", "best-practices"] as const;

interface Report {
  readonly categories: Readonly<
    Record<string, { readonly score: number | null; readonly auditRefs: readonly { readonly id: string }[] }>
  >;
  readonly audits: Readonly<Record<string, { readonly title: string; readonly score: number | null }>>;
}

const { values } = parseArgs({ options: { from: { type: "string" } } });
if (values.from === undefined) {
  console.error("Name the folder where `npm install lighthouse` was run: npm run lighthouse -- --from FOLDER");
  process.exit(2);
}

await ensureBuilt();
const folder = await mkdtemp(join(tmpdir(), "kith-lighthouse-"));
const networkConfig = () => ({ relays: [], iceServers: [] });
const server = await startStaticServer({ folder: OUTPUT_FOLDER, host: "127.0.0.1", port: 0, networkConfig });
const options = chromiumLaunchOptions();
const profile = join(folder, "profile");
const browser = await chromium.launchPersistentContext(profile, {
  ...options,
  args: [...options.args, "--remote-debugging-port=0"],
});
try {
  const port = (await readFile(join(profile, "DevToolsActivePort"), "utf8")).split("\n")[0] ?? "";
  const file = join(folder, "report.json");
  const result = await runProcess(
    process.execPath,
    [
      createRequire(join(values.from, "package.json")).resolve("lighthouse/cli/index.js"),
      `http://localhost:${server.port}/`,
      `--port=${port}`,
      `--only-categories=${CATEGORIES.join(",")}`,
      "--output=json",
      `--output-path=${file}`,
      "--quiet",
    ],
    { limitMs: LIMIT_MS },
  );
  if (result.status !== 0) throw new Error(`Lighthouse did not end well: ${result.output}`);
  // The decode boundary: a file of another program.
  const report = JSON.parse(await readFile(file, "utf8")) as Report;
  for (const name of CATEGORIES) show(name, report);
} finally {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

function show(name: string, report: Report): void {
  const category = report.categories[name];
  const score = Math.round((category?.score ?? 0) * 100);
  console.log(`${name}: ${score} of 100`);
  for (const { id } of category?.auditRefs ?? []) {
    const audit = report.audits[id];
    if (audit?.score !== null && audit !== undefined && audit.score < 1) console.log(`  ${audit.title}`);
  }
  if (score < LEAST_SCORE) process.exitCode = 1;
}
