/**
 * SHA256SUMS of a built app, in the format of `sha256sum`: one line "hash  path" per file that visitors are served, sorted by path. The
 * release fingerprint is the SHA-256 of this file (decision 0050). The same files give the same list.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

const LIST_FILE = "SHA256SUMS";
/** What a host may edit, the list itself, and what is another form of a listed file. */
const LEFT_OUT = /^(network\.json|SHA256SUMS|.*\.(br|gz))$/;

/** The last file of a build. Returns the release fingerprint, in hex. */
export async function writeReleaseList(folder: string): Promise<string> {
  const lines = await Promise.all(
    (await filePaths(folder))
      .filter((path) => !LEFT_OUT.test(path))
      .map(async (path) => `${sha256(await readFile(join(folder, path)))}  ${path}\n`),
  );
  const list = lines.join("");
  await writeFile(join(folder, LIST_FILE), list);
  return sha256(list);
}

/** The release fingerprint of a built app, in hex. */
export async function readFingerprint(folder: string): Promise<string> {
  return sha256(await readFile(join(folder, LIST_FILE)));
}

/** Paths of all files in a folder, with "/", sorted. */
export async function filePaths(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .toSorted();
}

function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
