/** Builds the app into dist/ when a source changed since the last build, and swaps the new one in at once. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

export const ROOT_FOLDER = fileURLToPath(new URL("..", import.meta.url));
export const OUTPUT_FOLDER = join(ROOT_FOLDER, "dist");
/** Kept between runs, ignored by git. */
export const STATE_FOLDER = join(ROOT_FOLDER, ".kith");

const STAMP_FILE = join(STATE_FOLDER, "built.txt");
const SOURCES = [
  "index.html",
  "src",
  "public",
  "patches",
  "package-lock.json",
  "vite.config.ts",
  "scripts/leave-out.ts",
  "scripts/load-early.ts",
  "scripts/precache-list.ts",
  "scripts/precompress.ts",
  "scripts/quiet-libp2p.ts",
  "scripts/release-list.ts",
  "scripts/service-worker.ts",
  "tsconfig.base.json",
  "tsconfig.app.json",
];
/** Not part of the app. */
const OUTSIDE = join("src", "relay");

export async function ensureBuilt(): Promise<void> {
  const sources = await hashSources();
  if (existsSync(join(OUTPUT_FOLDER, "index.html")) && (await lastBuilt()) === sources) return;
  await buildApp(sources);
}

export async function buildApp(sources?: string): Promise<void> {
  const stamp = sources ?? (await hashSources());
  // Dependencies look at it: whatever the shell says, the build is the same.
  process.env["NODE_ENV"] = "production";
  const fresh = join(STATE_FOLDER, `dist-${process.pid}`);
  const old = join(STATE_FOLDER, `dist-${process.pid}-old`);
  await mkdir(STATE_FOLDER, { recursive: true });
  try {
    // Standard output belongs to the command that needs the build.
    await build({ root: ROOT_FOLDER, logLevel: "warn", build: { outDir: fresh, emptyOutDir: true } });
    if (existsSync(OUTPUT_FOLDER)) await rename(OUTPUT_FOLDER, old);
    await rename(fresh, OUTPUT_FOLDER);
    await writeFile(STAMP_FILE, stamp);
  } finally {
    await Promise.all([fresh, old].map(async (folder) => rm(folder, { recursive: true, force: true })));
  }
}

async function lastBuilt(): Promise<string | undefined> {
  return existsSync(STAMP_FILE) ? readFile(STAMP_FILE, "utf8") : undefined;
}

async function hashSources(): Promise<string> {
  const sum = createHash("sha256");
  for (const source of SOURCES) {
    for (const file of await filesOf(join(ROOT_FOLDER, source))) {
      sum
        .update(relative(ROOT_FOLDER, file))
        .update("\0")
        .update(await readFile(file))
        .update("\0");
    }
  }
  return sum.digest("hex");
}

async function filesOf(path: string): Promise<string[]> {
  if (!existsSync(path)) return [];
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(ROOT_FOLDER, file).startsWith(OUTSIDE))
    .toSorted();
}
