import { request } from "node:http";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startStaticServer, type StaticServer } from "../../../src/relay/static-server.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/temporary-folder.ts";

const SCRIPT = "console.log('kith');\n".repeat(50);

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

let folder: TemporaryFolder;
let server: StaticServer;

beforeEach(async () => {
  folder = await temporaryFolder();
  const dist = join(folder.path, "dist");
  await mkdir(join(dist, "assets"), { recursive: true });
  await writeFile(join(folder.path, "secret.txt"), "secret");
  await writeFile(join(dist, "index.html"), "<!doctype html><title>Kith</title>");
  await writeFile(join(dist, "assets", "main-abc123.js"), SCRIPT);
  await writeFile(join(dist, "assets", "main-abc123.js.gz"), gzipSync(SCRIPT));
  server = await startStaticServer({
    folder: dist,
    host: "127.0.0.1",
    port: 0,
    networkConfig: (host) => ({ relays: [`/asked/${host ?? ""}`], iceServers: [] }),
  });
});

afterEach(async () => {
  await server.stop();
  await folder.remove();
});

/** Sends the path as it is: fetch would clean it up. */
async function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: "127.0.0.1", port: server.port, path, headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.on("error", reject).end();
  });
}

describe("the static server", () => {
  it("sends the page uncached, with a type and headers that forbid what the app does not need", async () => {
    const { status, headers, body } = await get("/");
    expect(status).toBe(200);
    expect(body.toString()).toContain("<title>Kith</title>");
    expect(headers).toMatchObject({
      "content-type": "text/html;charset=utf-8",
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    expect(headers["permissions-policy"]).toContain("camera=(self), microphone=(self)");
    expect(headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self'");
    expect(headers["content-security-policy"]).not.toContain("unsafe");
  });

  it("lets hashed files be cached for ever", async () => {
    const { headers, body } = await get("/assets/main-abc123.js");
    expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(headers["content-type"]).toBe("text/javascript");
    expect(body.toString()).toBe(SCRIPT);
  });

  it("sends the compressed neighbour to those who take it", async () => {
    const { headers, body } = await get("/assets/main-abc123.js", { "Accept-Encoding": "gzip" });
    expect(headers["content-encoding"]).toBe("gzip");
    expect(headers["content-type"]).toBe("text/javascript");
    expect(headers["vary"]).toBe("Accept-Encoding");
    expect(body).toEqual(gzipSync(SCRIPT));
  });

  it("answers an unchanged file without its content", async () => {
    const { headers } = await get("/");
    const again = await get("/", { "If-None-Match": String(headers["etag"]) });
    expect(again.status).toBe(304);
    expect(again.headers["content-security-policy"]).toBeDefined();
  });

  it("makes network.json for the host that was asked", async () => {
    const { headers, body } = await get("/network.json?x=1", { Host: "localhost:4173" });
    expect(JSON.parse(body.toString())).toEqual({ relays: ["/asked/localhost:4173"], iceServers: [] });
    expect(headers).toMatchObject({ "cache-control": "no-cache", "content-type": "application/json" });
  });

  it("serves a file that a new build brought", async () => {
    await writeFile(join(folder.path, "dist", "assets", "new-def456.js"), SCRIPT);
    expect((await get("/assets/new-def456.js")).status).toBe(200);
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/assets/../../secret.txt",
    "/\\..\\secret.txt",
    "/%00",
  ])("does not leave its folder for %s", async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).toBe("Not found\n");
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  });

  it.each(["bytes=10-5", "bytes=-", "bytes=99999999999-", "nonsense"])("survives the range %s", async (range) => {
    expect((await get("/", { Range: range })).status).toBe(200);
  });

  it("refuses everything but reading", async () => {
    const answer = await get("/", {}, "POST");
    expect(answer.status).toBe(405);
    expect(answer.headers["allow"]).toBe("GET, HEAD");
  });
});

describe("the page itself", () => {
  it("carries the policy of the header, for hosts that send none", async () => {
    const html = await readFile(new URL("../../../index.html", import.meta.url), "utf8");
    const inPage = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1];
    const { headers } = await get("/");
    // Browsers ignore this one outside a header.
    expect(inPage).toBe(String(headers["content-security-policy"]).replace("frame-ancestors 'none'; ", ""));
    expect(inPage).toContain("require-trusted-types-for 'script'; trusted-types kith-worker-url");
  });
});
