/** What the service worker keeps of a built app, as the first line of sw.js. The same files give the same line. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filePaths, writeReleaseList } from "./release-list.ts";

const WORKER_FILE = "sw.js";
/**
 * Neither configuration nor the worker itself, what only servers use, nor pictures that only a shop window shows. The release list names
 * the worker, so that the worker cannot name the list: it compares it with this one instead.
 */
const LEFT_OUT = /^(network\.json|sw\.js|SHA256SUMS|screenshots\/.*|.*\.(br|gz))$/;

/** Writes sw.js (the list, then the worker), and after it the release list, which names that too. */
export async function writeWorker(folder: string, code: string): Promise<void> {
  await writeFile(join(folder, WORKER_FILE), `${await precacheLine(folder, code)}\n${code}`);
  await writeReleaseList(folder);
}

/** For a folder whose files were changed after the build. */
export async function renewWorker(folder: string): Promise<void> {
  const code = await readFile(join(folder, WORKER_FILE), "utf8");
  await writeWorker(folder, code.slice(code.indexOf("\n") + 1));
}

async function precacheLine(folder: string, code: string): Promise<string> {
  const paths = (await filePaths(folder)).filter((path) => !LEFT_OUT.test(path));
  const files = await Promise.all(
    paths.map(async (path): Promise<[string, string]> => {
      const digest = createHash("sha256").update(await readFile(join(folder, path)));
      // Hosts answer "index.html" with a redirection as often as not.
      return [path === "index.html" ? "./" : path, `sha256-${digest.digest("base64")}`];
    }),
  );
  // Two builds that differ in the worker alone have two release lists, and a cache for each.
  const version = createHash("sha256").update(JSON.stringify(files)).update(code).digest("hex").slice(0, 16);
  return `const PRECACHE=${JSON.stringify({ version, files })};`;
}
