/** Browser pages that run transports, and real relay processes between them. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import type { Browser, Page } from "@playwright/test";
import { allowContact } from "./run-network.ts";
import type { Lab, PeerView } from "./network-page.ts";
import { bundlePage } from "./page-bundle.ts";

const ROOT = join(import.meta.dirname, "../..");

export interface RelayProcess {
  readonly address: string;
  readonly port: number;
  /** Ends it without warning, as a crash does. */
  kill(): Promise<void>;
  /** Starts it again with the same key and port. */
  restart(): Promise<void>;
  /** Lets it stand still with all its connections, as on a machine that has no time for it, until `resume`. */
  pause(): boolean;
  resume(): boolean;
}

export class NetworkLab {
  readonly #server: Server;
  readonly #url: string;
  readonly #cleanups: (() => Promise<unknown>)[] = [];

  static async open(): Promise<NetworkLab> {
    const script = await bundlePage("tests/support/network-page.ts");
    const server = createServer((request, response) => {
      const isScript = request.url === "/page.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? script : `<!doctype html><title>lab</title><script src="/page.js"></script>`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new NetworkLab(server);
  }

  constructor(server: Server) {
    this.#server = server;
    this.#url = `http://localhost:${(server.address() as AddressInfo).port}/`;
    allowContact(this.#url);
  }

  async startRelay(flags: readonly string[] = []): Promise<RelayProcess> {
    const folder = await mkdtemp(join(tmpdir(), "kith-relay-"));
    let running = await spawnRelay(["--port", "0", "--data", folder, ...flags]);
    const { address } = running;
    allowContact(address);
    const port = Number(/\/tcp\/(\d+)\//.exec(address)?.[1]);
    const kill = async (): Promise<void> => endProcess(running.child);
    this.#cleanups.push(kill, async () => rm(folder, { recursive: true, force: true }));
    return {
      address,
      port,
      kill,
      restart: async () => {
        running = await spawnRelay(["--port", String(port), "--data", folder, ...flags]);
      },
      pause: () => running.child.kill("SIGSTOP"),
      resume: () => running.child.kill("SIGCONT"),
    };
  }

  /** A relay, and two peers that are reachable through it and want nobody yet. */
  async openPair(browser: Browser, other: Browser = browser, flags: readonly string[] = []) {
    const relay = await this.startRelay(flags);
    const alice = await this.openPeer(browser, 1, [relay.address]);
    const bob = await this.openPeer(other, 2, [relay.address]);
    await Promise.all([alice.untilReachability("online"), bob.untilReachability("online")]);
    return { relay, alice, bob };
  }

  async openPeer(browser: Browser, seed: number, relays: readonly string[]): Promise<PeerPage> {
    const context = await browser.newContext();
    const page = await context.newPage();
    this.#cleanups.push(async () => context.close().catch(() => undefined));
    await page.goto(this.#url);
    const peer = new PeerPage(page, await peerKeyOf(seed));
    await peer.call("start", { relays, seed });
    return peer;
  }

  async close(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).toReversed()) await cleanup();
  }

  async shutDown(): Promise<void> {
    await this.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** One peer in its own browser context. */
export class PeerPage {
  readonly page: Page;
  readonly key: string;

  constructor(page: Page, key: string) {
    this.page = page;
    this.key = key;
  }

  async call<Name extends keyof Lab>(
    name: Name,
    ...parameters: Parameters<Lab[Name]>
  ): Promise<Awaited<ReturnType<Lab[Name]>>> {
    return this.page.evaluate(
      ([method, values]) => {
        const { lab } = globalThis as unknown as {
          readonly lab: Record<string, (...values: readonly unknown[]) => unknown>;
        };
        return lab[method]?.(...values) as never;
      },
      [name, parameters] as const,
    );
  }

  async see(other: PeerPage): Promise<PeerView> {
    return this.call("view", other.key);
  }

  /** Resolves as soon as `view` of the other peer fits, looked at on every frame of the page. */
  async until(other: PeerPage, condition: Partial<PeerView>, timeoutMs = 20_000): Promise<void> {
    await this.page
      .waitForFunction(
        ([key, wanted]) => {
          const { lab } = globalThis as unknown as { readonly lab: Lab };
          const view = lab.view(key);
          return Object.entries(wanted).every(([name, value]) => view[name as keyof PeerView] === value);
        },
        [other.key, condition] as const,
        { timeout: timeoutMs, polling: 20 },
      )
      .catch(async (cause: unknown) => {
        const seen = JSON.stringify(await this.see(other));
        throw new Error(`waited for ${JSON.stringify(condition)}, saw ${seen}`, { cause });
      });
  }

  /** Resolves once this page has begun at least `count` WebRTC connections. */
  async untilRtcTried(count: number): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => (globalThis as unknown as { readonly lab: Lab }).lab.rtc().peerConnections >= wanted,
      count,
      { timeout: 30_000, polling: 50 },
    );
  }

  async untilReachability(kind: "online" | "connecting" | "offline", timeoutMs = 20_000): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => (globalThis as unknown as { readonly lab: Lab }).lab.reachability()?.kind === wanted,
      kind,
      { timeout: timeoutMs, polling: 20 },
    );
  }
}

/** The peer key of the page whose seed bytes are all `seed`. */
async function peerKeyOf(seed: number): Promise<string> {
  const key = await generateKeyPairFromSeed("Ed25519", new Uint8Array(32).fill(seed));
  return Buffer.from(key.publicKey.raw).toString("hex");
}

async function spawnRelay(
  flags: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const child = spawn(process.execPath, [join(ROOT, "scripts/relay.ts"), ...flags], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /^relay listening: (\S+)$/.exec(line)?.[1];
    if (address !== undefined) return { child, address };
  }
  throw new Error(`the relay did not start: ${errors.join("")}`);
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
