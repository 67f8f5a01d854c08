/**
 * `npm run bench [-- NAME…] [--rounds N] [--quick] [--real-time]`: the named benchmarks, or all, one after the other; as a table, and as a JSON file in
 * tests/bench/results. `--real-time`: an hour of messages takes an hour.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BENCHMARKS, ONLY_BY_NAME, runBenchmark } from "./benchmarks.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    quick: { type: "boolean", default: false },
    "real-time": { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds ?? (values.quick ? "3" : "9"));
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
  console.error("--rounds takes a whole number from 1 to 100");
  process.exit(2);
}
const unknown = positionals.filter((name) => !Object.hasOwn(BENCHMARKS, name));
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(" or ")}. There are: ${Object.keys(BENCHMARKS).join(", ")}`);
  process.exit(2);
}

const results: Record<string, unknown> = {};
const load = loadavg()[0]?.toFixed(1) ?? "unknown";
console.log(
  `Medians (smallest–largest) of ${rounds} rounds; ${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}, load at the start ${load}\n`,
);
for (const [name, benchmark] of Object.entries(BENCHMARKS)) {
  if (positionals.length > 0 || ONLY_BY_NAME.has(name) ? !positionals.includes(name) : false) continue;
  const { figures, samples } = await runBenchmark(benchmark, {
    rounds,
    isQuick: values.quick,
    isRealTime: values["real-time"],
  });
  for (const [what, figure] of figures) console.log(`| ${what} | ${figure} |`);
  results[name] = samples;
}

const folder = join(import.meta.dirname, "results");
await mkdir(folder, { recursive: true });
const file = join(folder, `${new Date().toISOString().replaceAll(":", "-")}.json`);
await writeFile(file, `${JSON.stringify({ rounds, isQuick: values.quick, load, ...results }, undefined, 2)}\n`);
// The server that peerjs brings leaves timers running, which would keep this process for ever.
process.exit();
