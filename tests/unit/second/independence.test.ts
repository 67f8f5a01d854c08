/** The second implementation has nothing of the first: only its own files and Node's. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const FOLDER = new URL("../../second/", import.meta.url);
const ALLOWED = [/^\.\/[a-z-]+\.ts$/, /^node:(crypto|fs)$/];

function importsOf(source: string): readonly string[] {
  return [...source.matchAll(/(?:from|import|require)\s*\(?\s*["'`]([^"'`]*)["'`]/g)].map((match) => match[1] ?? "");
}

test("the second implementation imports its own files and Node's, nothing else", () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" });
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    expect(file).toMatch(/^[a-z-]+\.ts$/);
    for (const path of importsOf(readFileSync(new URL(file, FOLDER), "utf8"))) {
      expect(
        ALLOWED.some((allowed) => allowed.test(path)),
        `${file} imports ${path}`,
      ).toBe(true);
    }
  }
});

test("an import of the first implementation would be found", () => {
  const lines = [`import { x } from "../../src/core/x.ts";`, `await import("../../src/x.ts")`, `import "@noble/x";`];
  for (const line of lines) {
    const [path] = importsOf(line);
    expect(path).toBeDefined();
    expect(ALLOWED.some((allowed) => allowed.test(path ?? ""))).toBe(false);
  }
});

test("no domain string of PROTOCOL, but for what is at rest, is forgotten in the second implementation", () => {
  const domainsOf = (text: string): readonly string[] =>
    [...new Set([...text.matchAll(/"(kith\/[a-z-]+\/1)"/g)].map((match) => match[1] ?? ""))].toSorted();
  const protocol = readFileSync(new URL("../../../docs/PROTOCOL.md", import.meta.url), "utf8");
  // What is at rest is nobody else's business; a backup is read by every Kith.
  const foreign = protocol.replace(/\n## At rest\n[^]*?(?=\n## |$)/, "");
  expect(foreign.length).toBeLessThan(protocol.length);
  const sources = readdirSync(FOLDER).map((file) => readFileSync(new URL(file, FOLDER), "utf8"));
  expect(domainsOf(foreign).length).toBeGreaterThan(18);
  expect(domainsOf(sources.join("\n"))).toEqual(domainsOf(foreign));
});
