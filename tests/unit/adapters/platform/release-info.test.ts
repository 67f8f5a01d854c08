import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createReleaseInfo } from "../../../../src/adapters/platform/release-info.ts";
import { startStaticServer, type StaticServer } from "../../../../src/relay/static-server.ts";
import { temporaryFolder, type TemporaryFolder } from "../../../support/temporary-folder.ts";

const LIST = ["assets/compose-1.js", "assets/index-1.js", "index.html", "sw.js"]
  .map((path) => `${"0".repeat(64)}  ${path}\n`)
  .join("");
const FINGERPRINT = createHash("sha256").update(LIST).digest("hex");

let folder: TemporaryFolder;
let server: StaticServer;
let appUrl: URL;

const publish = (list: string): Promise<void> => writeFile(join(folder.path, "SHA256SUMS"), list);
const ofPage = (...scripts: string[]) =>
  createReleaseInfo(
    "0.1.0",
    appUrl,
    scripts.map((path) => new URL(path, appUrl).href),
  );

beforeEach(async () => {
  folder = await temporaryFolder();
  const networkConfig = () => ({ relays: [], iceServers: [] });
  server = await startStaticServer({ folder: folder.path, host: "127.0.0.1", port: 0, networkConfig });
  appUrl = new URL(`http://127.0.0.1:${server.port}/`);
});

afterEach(async () => {
  await server.stop();
  await folder.remove();
});

describe("the release that runs here", () => {
  test("has the hash of its list as fingerprint, whatever other scripts the browser put into the page", async () => {
    await publish(LIST);
    const page = ofPage("assets/index-1.js", "assets/compose-1.js", "chrome-extension://x/y.js");
    expect(await page.fingerprint()).toBe(FINGERPRINT);
    expect(page.version).toBe("0.1.0");
  });

  test("is not known from the list of another build", async () => {
    await publish(LIST);
    expect(await ofPage("assets/index-2.js", "assets/compose-1.js").fingerprint()).toBeUndefined();
  });

  test("is not known where a page runs nothing that a list could name", async () => {
    await publish(LIST);
    expect(await ofPage().fingerprint()).toBeUndefined();
  });

  test("is not known while there is no list, or no host, and is read later", async () => {
    const page = ofPage("assets/index-1.js");
    expect(await page.fingerprint()).toBeUndefined();
    await publish("\u0000no list");
    expect(await page.fingerprint()).toBeUndefined();
    await publish(LIST);
    expect(await page.fingerprint()).toBe(FINGERPRINT);
    await rm(join(folder.path, "SHA256SUMS"));
    expect(await page.fingerprint()).toBe(FINGERPRINT);
    await server.stop();
    expect(await ofPage("assets/index-1.js").fingerprint()).toBeUndefined();
  });
});
