/** Holds the app to its size: what a visitor downloads, in brotli, before the first paint and in all. Prints the figures. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress } from "node:zlib";
import { ensureBuilt, OUTPUT_FOLDER } from "./build-app.ts";

const BYTES_PER_KB = 1_000;
const FIRST_LIMIT_KB = 25;
const TOTAL_LIMIT_KB = 260;
/** Apart: no page loads it, and the browser fetches it in the background. */
const WORKER_FILE = "sw.js";
const WORKER_LIMIT_KB = 3;

const compress = promisify(brotliCompress);

await ensureBuilt();
const html = await readFile(join(OUTPUT_FOLDER, "index.html"), "utf8");
const scripts = (await readdir(OUTPUT_FOLDER, { recursive: true })).filter((file) => file.endsWith(".js"));
const sizes = new Map<string, number>();
for (const file of scripts) {
  sizes.set(file.replaceAll("\\", "/"), (await compress(await readFile(join(OUTPUT_FOLDER, file)))).length);
}

// Vite names the entry and, as modulepreload, everything it imports statically. What is only loaded early comes behind that, and runs after the paint.
const first = [...html.matchAll(/<(?:script|link)\b[^>]*>/g)]
  .filter(([tag]) => !tag.includes('fetchpriority="low"'))
  .flatMap(([tag]) => /(?:src|href)="\.?\/?([^"]+\.js)"/.exec(tag)?.[1] ?? []);
if (first.length === 0) throw new Error("dist/index.html loads no script");

const firstBytes = first.reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
const workerBytes = sizes.get(WORKER_FILE);
if (workerBytes === undefined) throw new Error("dist/ has no service worker");
const totalBytes = [...sizes.values()].reduce((sum, size) => sum + size, 0) - workerBytes;
for (const [file, size] of [...sizes].toSorted(([, a], [, b]) => b - a)) {
  console.log(
    `  ${(size / BYTES_PER_KB).toFixed(1).padStart(7)} kB  ${file}${first.includes(file) ? "  (before first paint)" : ""}`,
  );
}
const isWithin = [
  verdict("before first paint", firstBytes, FIRST_LIMIT_KB),
  verdict("all script of the page", totalBytes, TOTAL_LIMIT_KB),
  verdict("the service worker", workerBytes, WORKER_LIMIT_KB),
].every(Boolean);
process.exitCode = isWithin ? 0 : 1;

function verdict(what: string, bytes: number, limitKb: number): boolean {
  const isOk = bytes <= limitKb * BYTES_PER_KB;
  console.log(`${what}: ${(bytes / BYTES_PER_KB).toFixed(1)} kB of ${limitKb} kB${isOk ? "" : ", TOO LARGE"}`);
  return isOk;
}
