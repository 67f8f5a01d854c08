import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renewWorker, writeWorker } from "../../../scripts/precache-list.ts";
import { readFingerprint } from "../../../scripts/release-list.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const CODE = "self.x = 1;\nself.y = 2;\n";

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, "assets"));
  await mkdir(join(folder.path, "screenshots"));
  for (const path of [
    "index.html",
    "index.html.br",
    "network.json",
    "screenshots/phone.png",
    "assets/main-abc.js",
    "assets/main-abc.js.gz",
  ]) {
    await writeFile(join(folder.path, path), path);
  }
  await writeWorker(folder.path, CODE);
});

afterEach(async () => folder.remove());

const worker = async (): Promise<string> => readFile(join(folder.path, "sw.js"), "utf8");

async function list(): Promise<{ version: string; files: [string, string][] }> {
  const [line = ""] = (await worker()).split("\n");
  const value: { version: string; files: [string, string][] } = JSON.parse(line.slice("const PRECACHE=".length, -1));
  return value;
}

describe("the list of files in front of the worker", () => {
  it("names the files of the app and neither configuration nor what only servers use", async () => {
    expect((await list()).files.map(([path]) => path)).toEqual(["assets/main-abc.js", "./"]);
    expect((await worker()).endsWith(`\n${CODE}`)).toBe(true);
  });

  it("stays the same byte for byte while the files do, the configuration aside", async () => {
    const before = await worker();
    await writeFile(join(folder.path, "network.json"), "another relay");
    await renewWorker(folder.path);
    expect(await worker()).toBe(before);
  });

  it("is another version when a byte of any file changed", async () => {
    const before = await list();
    await writeFile(join(folder.path, "index.html"), "another page");
    await renewWorker(folder.path);
    const after = await list();
    expect(after.version).not.toBe(before.version);
    expect(after.files[0]).toEqual(before.files[0]);
    expect(after.files[1]?.[1]).not.toBe(before.files[1]?.[1]);
    expect((await worker()).endsWith(`\n${CODE}`)).toBe(true);
  });

  it("is another version when the worker is another one", async () => {
    const before = await list();
    await writeWorker(folder.path, `${CODE}self.z = 3;\n`);
    const after = await list();
    expect(after.files).toEqual(before.files);
    expect(after.version).not.toBe(before.version);
  });
});

describe("the release list", () => {
  const named = async (): Promise<readonly (string | undefined)[]> =>
    (await readFile(join(folder.path, "SHA256SUMS"), "utf8"))
      .trimEnd()
      .split("\n")
      .map((line) => line.split("  ")[1]);

  it("names what visitors are served, the worker too, and neither configuration nor packed files nor itself", async () => {
    expect(await named()).toEqual(["assets/main-abc.js", "index.html", "screenshots/phone.png", "sw.js"]);
  });

  it("has another fingerprint when a byte of any file changed, and the same for another configuration", async () => {
    const before = await readFingerprint(folder.path);
    await writeFile(join(folder.path, "network.json"), "another relay");
    await renewWorker(folder.path);
    expect(await readFingerprint(folder.path)).toBe(before);
    await writeFile(join(folder.path, "screenshots/phone.png"), "another picture");
    await renewWorker(folder.path);
    expect(await readFingerprint(folder.path)).not.toBe(before);
  });
});
