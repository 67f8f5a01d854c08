/** `npm run bench [-- --rounds N]`: all benchmarks in one run, as a table and as a JSON file in tests/bench/results. */
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { World } from "../support/world.ts";
import { measureBacklogs } from "./backlog.ts";
import { measureDelivery } from "./delivery.ts";
import { measureSmoothness, smoothnessRows } from "./smoothness.ts";
import { format } from "./statistics.ts";
import { measureFirstMessage, measureOnline } from "./start-up.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "9" } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) {
  console.error("--rounds takes a whole number from 1 to 100");
  process.exit(2);
}

const world = await World.create([]);
try {
  const [alice, bob] = await world.pair();
  await alice.connection.filter({ hasText: "Direct" }).waitFor({ timeout: 20_000 });
  const delivery = await measureDelivery(alice, bob, rounds);
  const online = await measureOnline(bob, rounds);
  await Promise.all([alice.closeBrowser(), bob.closeBrowser()]);
  const firstMessage = await measureFirstMessage(world, rounds);
  const backlogs = await measureBacklogs(world, [1_000, 10_000, 10_000]);
  const smoothness = await measureSmoothness(world);

  const rows: readonly (readonly [string, string])[] = [
    ["navigation to Online, empty cache", format(online.emptyCacheMs, "ms")],
    ["navigation to Online, filled cache", format(online.filledCacheMs, "ms")],
    ["navigation to history on screen, filled cache", format(online.historyMs, "ms")],
    ["invite link opened to first message at the inviter", format(firstMessage, "ms")],
    ["send to Delivered", format(delivery.deliveredMs, "ms")],
    ["raw data channel round trip, 200 bytes", format(delivery.rawRoundTripMs, "ms")],
    ["strict single-record commit", format(delivery.strictCommitMs, "ms")],
    ["send to Delivered ÷ (raw round trip + 2 commits), aim ≤ 3", format(delivery.ratio, "×")],
    ...backlogs.map(({ messages, onScreenMs, perMessageMs, ratio, longestTaskMs }): readonly [string, string] => [
      `backlog of ${messages} messages: navigation to the last on screen`,
      `${onScreenMs.toFixed(0)} ms, ${perMessageMs.toFixed(2)} ms each, ${ratio.toFixed(1)} × plain batched writes (aim ≤ 2), longest task ${longestTaskMs.toFixed(0)} ms`,
    ]),
    ...smoothnessRows(smoothness),
  ];
  console.log(`Medians (min–max) of ${rounds} rounds; ${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}\n`);
  for (const [name, figure] of rows) console.log(`| ${name} | ${figure} |`);

  const folder = join(import.meta.dirname, "results");
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${new Date().toISOString().replaceAll(":", "-")}.json`);
  await writeFile(
    file,
    `${JSON.stringify({ rounds, online, firstMessage, delivery, backlogs, smoothness }, undefined, 2)}\n`,
  );
} finally {
  await world.dispose();
}
