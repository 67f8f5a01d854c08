/** What the service worker keeps of a built app, as the first line of sw.js. The same files give the same line. */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

const WORKER_FILE = "sw.js";
/** Neither configuration nor the worker itself, what only servers use, nor pictures that only a shop window shows. */
const LEFT_OUT = /^(network\.json|sw\.js|screenshots\/.*|.*\.(br|gz))$/;

/** Writes sw.js: the list, then the worker. */
export async function writeWorker(folder: string, code: string): Promise<void> {
  await writeFile(join(folder, WORKER_FILE), `${await precacheLine(folder)}\n${code}`);
}

/** For a folder whose files were changed after the build. */
export async function renewWorker(folder: string): Promise<void> {
  const code = await readFile(join(folder, WORKER_FILE), "utf8");
  await writeWorker(folder, code.slice(code.indexOf("\n") + 1));
}

async function precacheLine(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((path) => !LEFT_OUT.test(path))
    .toSorted();
  const files = await Promise.all(
    paths.map(async (path): Promise<[string, string]> => {
      const digest = createHash("sha256").update(await readFile(join(folder, path)));
      // Hosts answer "index.html" with a redirection as often as not.
      return [path === "index.html" ? "./" : path, `sha256-${digest.digest("base64")}`];
    }),
  );
  const version = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16);
  return `const PRECACHE=${JSON.stringify({ version, files })};`;
}
