/** Lets a page whose network is bridged-transport.ts take part in the memory network of a world of cores in this process. */
import type { BrowserContext, Page } from "@playwright/test";
import type { PeerKey } from "../../src/core/codec/ids.ts";
import type { Link, Path, Transport, WantedPeer } from "../../src/core/transport/transport.ts";
import type { CoreWorld } from "../support/core-world.ts";

export type BridgeCall =
  | { readonly kind: "start"; readonly seed: string }
  | { readonly kind: "stop" }
  | { readonly kind: "want"; readonly peers: readonly WantedPeer[] }
  | { readonly kind: "send"; readonly link: number; readonly bytes: string }
  | { readonly kind: "close"; readonly link: number };

export type BridgeAnswer =
  | { readonly kind: "online" }
  | { readonly kind: "path"; readonly peer: PeerKey; readonly path: Path }
  | { readonly kind: "link"; readonly link: number; readonly peer: PeerKey; readonly isOpener: boolean }
  | { readonly kind: "data"; readonly link: number; readonly bytes: string }
  | { readonly kind: "closed"; readonly link: number };

/** Virtual time goes no faster than real time while the page is there. */
const STEP_MS = 20;

export class PageBridge {
  readonly #world: CoreWorld;
  readonly #links = new Map<number, Link>();
  #answers: BridgeAnswer[] = [];
  #transport: Transport | undefined;
  #nextLink = 1;
  #wanted: readonly WantedPeer[] = [];
  #page: Page | undefined;
  #calls: Promise<void> = Promise.resolve();

  constructor(world: CoreWorld) {
    this.#world = world;
  }

  async install(context: BrowserContext): Promise<void> {
    await context.exposeBinding("kithToBridge", ({ page }, call: BridgeCall) => {
      // One after the other: what is wanted is wanted of a transport that has started.
      this.#calls = this.#calls.then(() => this.#onCall(page, call));
    });
  }

  /** Moves the world on in real time until `isOver`. */
  async run(isOver: () => Promise<boolean> | boolean): Promise<void> {
    let last = performance.now();
    while (!(await isOver())) {
      const now = performance.now();
      // Where the cores need longer than the time they are given, time waits for them.
      await this.#world.clock.advance(Math.min(now - last, STEP_MS));
      last = now;
      await this.#deliver();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** The page went away without a word. */
  async leave(): Promise<void> {
    this.#page = undefined;
    this.#answers = [];
    await this.#transport?.stop();
    this.#transport = undefined;
    this.#links.clear();
  }

  async #onCall(page: Page, call: BridgeCall): Promise<void> {
    if (call.kind === "start") {
      await this.leave();
      this.#page = page;
      await this.#start(Buffer.from(call.seed, "base64"));
    } else if (call.kind === "stop") await this.leave();
    else if (call.kind === "want") {
      // It may come before the start.
      this.#wanted = call.peers;
      this.#transport?.want(call.peers);
    } else if (call.kind === "close") void this.#links.get(call.link)?.close();
    else
      this.#links
        .get(call.link)
        ?.send(Buffer.from(call.bytes, "base64"))
        .catch(() => undefined);
  }

  async #start(seed: Buffer): Promise<void> {
    const transport = this.#world.network.transport();
    this.#transport = transport;
    transport.want(this.#wanted);
    await transport.start(new Uint8Array(seed), {
      onLink: (link) => {
        const id = this.#nextLink;
        this.#nextLink += 1;
        this.#links.set(id, link);
        this.#answers.push({ kind: "link", link: id, peer: link.peer, isOpener: link.isOpener });
        return {
          onData: (bytes) =>
            this.#answers.push({ kind: "data", link: id, bytes: Buffer.from(bytes).toString("base64") }),
          onClose: () => {
            this.#links.delete(id);
            this.#answers.push({ kind: "closed", link: id });
          },
        };
      },
      onPath: (peer, path) => this.#answers.push({ kind: "path", peer, path }),
      onReachability: ({ kind }) => {
        if (kind === "online") this.#answers.push({ kind });
      },
    });
  }

  async #deliver(): Promise<void> {
    const [answers, page] = [this.#answers, this.#page];
    if (answers.length === 0 || page === undefined) return;
    this.#answers = [];
    await page.evaluate((batch) => window.kithFromBridge?.(batch), answers);
  }
}
