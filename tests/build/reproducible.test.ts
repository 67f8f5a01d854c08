/** Phase `build` of the tests: what was just built against a second build of the same sources, made elsewhere and otherwise. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, readdir, readFile, symlink, utimes } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt, OUTPUT_FOLDER, ROOT_FOLDER } from "../../scripts/build-app.ts";
import { filePaths, readFingerprint } from "../../scripts/release-list.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/temporary-folder.ts";

const BUILD_LIMIT_MS = 120_000;
/** Not sources: what is made from them, and what the shells of people keep. */
const NOT_COPIED = /^(\.|node_modules|dist|test-results|playwright-report)/;
const LONG_AGO = new Date("1999-12-31T23:59:59Z");

const run = promisify(execFile);
let folder: TemporaryFolder;
let other: string;

beforeAll(async () => {
  await ensureBuilt();
  folder = await temporaryFolder();
  const copy = join(folder.path, "a folder with another name");
  await cp(ROOT_FOLDER, copy, { recursive: true, filter: (path) => !NOT_COPIED.test(relative(ROOT_FOLDER, path)) });
  for (const path of await readdir(copy, { recursive: true })) await utimes(join(copy, path), LONG_AGO, LONG_AGO);
  await symlink(join(ROOT_FOLDER, "node_modules"), join(copy, "node_modules"));
  // Nothing of this process's environment but what finds programs.
  const env = {
    PATH: process.env["PATH"],
    TZ: "Pacific/Kiritimati",
    LC_ALL: "tr_TR.UTF-8",
    NODE_ENV: "development",
    VITE_SOMETHING: "else",
  };
  await run("sh", ["-c", 'umask 077 && exec "$0" scripts/build.ts', process.execPath], { cwd: copy, env });
  other = join(copy, "dist");
}, BUILD_LIMIT_MS);

afterAll(async () => folder.remove());

describe("a build", () => {
  it("has the same bytes when made in another folder, by another person, elsewhere, at another time", async () => {
    const paths = await filePaths(OUTPUT_FOLDER);
    expect(paths).toContain("index.html");
    expect(await filePaths(other)).toEqual(paths);
    const differing: string[] = [];
    for (const path of paths) {
      const [one, two] = await Promise.all([OUTPUT_FOLDER, other].map((from) => readFile(join(from, path))));
      if (one === undefined || two === undefined || !one.equals(two)) differing.push(path);
    }
    expect(differing).toEqual([]);
  });

  it("carries a list of every served file with its hash, as sha256sum writes it", async () => {
    const list = await readFile(join(OUTPUT_FOLDER, "SHA256SUMS"));
    const served = (await filePaths(OUTPUT_FOLDER)).filter((path) => !/\.(br|gz)$/.test(path) && path !== "SHA256SUMS");
    expect(served).toContain("sw.js");
    const hashes = await Promise.all(served.map(async (path) => sha256(await readFile(join(OUTPUT_FOLDER, path)))));
    expect(list.toString()).toBe(served.map((path, index) => `${hashes[index]}  ${path}\n`).join(""));
    expect(await readFingerprint(OUTPUT_FOLDER)).toBe(sha256(list));
  });

  it("holds in its packed files what the list names", async () => {
    const packed = (await filePaths(OUTPUT_FOLDER)).filter((path) => /\.(br|gz)$/.test(path));
    expect(packed.length).toBeGreaterThan(0);
    for (const path of packed) {
      const bytes = await readFile(join(OUTPUT_FOLDER, path));
      const plain = path.endsWith(".br") ? brotliDecompressSync(bytes) : gunzipSync(bytes);
      const named = await readFile(join(OUTPUT_FOLDER, path.replace(/\.(br|gz)$/, "")));
      expect(plain.equals(named), path).toBe(true);
    }
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
