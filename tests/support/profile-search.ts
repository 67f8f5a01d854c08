/**
 * Looks for bytes in everything that a browser keeps of a profile. Texts are looked for as UTF-8 and as UTF-16; long random words survive the
 * compression of Chromium's databases as they are, which a control word that is stored in clear has to prove in each search.
 */
import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Nothing in it repeats, so that no compression shortens it. */
export function uniqueWord(): string {
  return `q${randomBytes(15).toString("base64url").replaceAll(/[-_]/g, "x")}`;
}

/** The files below the folder that hold one of these, per word or bytes that were found. */
export async function filesHolding(
  folder: string,
  wanted: ReadonlyMap<string, string | Uint8Array>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    for (const [name, needle] of wanted) {
      if (!formsOf(needle).some((form) => bytes.includes(form))) continue;
      found.set(name, [...(found.get(name) ?? []), path.slice(folder.length + 1)]);
    }
  }
  return found;
}

function formsOf(needle: string | Uint8Array): readonly Buffer[] {
  return typeof needle === "string" ? [Buffer.from(needle), Buffer.from(needle, "utf16le")] : [Buffer.from(needle)];
}
