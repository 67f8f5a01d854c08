import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

const UI_FOLDER = join(import.meta.dirname, "../../../src/ui");
const CHOICES = /type="(checkbox|radio|file)"/;

test("every field that takes text tells the browser not to remember what is typed into it", async () => {
  const fields: string[] = [];
  for await (const path of glob("**/*.tsx", { cwd: UI_FOLDER })) {
    const source = await readFile(join(UI_FOLDER, path), "utf8");
    for (const [field] of source.matchAll(/<(input|textarea)\b[^]*?\/>/g)) {
      if (!CHOICES.test(field)) fields.push(`${path}: ${field}`);
    }
  }
  expect(fields.length).toBeGreaterThan(7);
  expect(fields.filter((field) => !/autocomplete="off"/i.test(field))).toEqual([]);
});
