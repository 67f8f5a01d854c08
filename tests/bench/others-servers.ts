/**
 * peerjs and trystero as their users run them, with servers of their own on this machine. They are no dependencies of the project: exactly these
 * versions are installed into a temporary folder when, and only when, they are compared with.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "../../scripts/run-process.ts";
import { bundlePage } from "../support/page-bundle.ts";
import { PAGES } from "./others-pages.ts";

const PACKAGES = ["peerjs@1.5.5", "peer@1.0.2", "trystero@0.25.4"];
const INSTALL_LIMIT_MS = 180_000;
const LOCALHOST = "127.0.0.1";
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

export interface Others {
  /** Of a page of this library, which writes or reads. */
  url(library: OtherName, role: "writer" | "reader"): string;
  close(): Promise<void>;
}

export const OTHER_NAMES = ["peerjs", "trystero"] as const;
export type OtherName = (typeof OTHER_NAMES)[number];

export async function startOthers(): Promise<Others> {
  const folder = await mkdtemp(join(tmpdir(), "kith-others-"));
  const closing: (() => unknown)[] = [async () => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step();
  };
  try {
    console.log(`Installing for the comparison, into a temporary folder: ${PACKAGES.join(", ")} …`);
    const args = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--save-exact", ...PACKAGES];
    const { status, output } = await runProcess("npm", args, { limitMs: INSTALL_LIMIT_MS });
    if (status !== 0) throw new Error(`they could not be installed: ${output}`);
    const require = createRequire(join(folder, "package.json"));
    const peerPort = await startPeerServer(require, closing);
    const nostrPort = await startNostrRelay(require, closing);
    const port = await servePages(folder, closing);
    return {
      url: (library, role) => `http://${LOCALHOST}:${port}/${library}.html#${role},${peerPort},${nostrPort}`,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Closable {
  close(): unknown;
}

async function startPeerServer(require: NodeJS.Require, closing: (() => unknown)[]): Promise<number> {
  const { PeerServer } = require("peer") as {
    readonly PeerServer: (options: object, ready: (server: Closable & { address(): AddressInfo }) => void) => unknown;
  };
  const server = await new Promise<Closable & { address(): AddressInfo }>((resolve) => {
    PeerServer({ port: 0, host: LOCALHOST, path: "/" }, resolve);
  });
  closing.push(() => server.close());
  return server.address().port;
}

interface Socket {
  send(text: string): void;
  on(type: "message" | "close", listener: (data: Buffer) => void): void;
}

interface Filter {
  readonly kinds?: readonly number[];
  readonly "#x"?: readonly string[];
}

/** What trystero asks of a Nostr relay: to pass on events of the kinds and topics that others subscribed to. */
async function startNostrRelay(require: NodeJS.Require, closing: (() => unknown)[]): Promise<number> {
  const { WebSocketServer } = require("ws") as {
    readonly WebSocketServer: new (options: object) => Closable & {
      on(type: "connection", listener: (socket: Socket) => void): void;
      on(type: "listening", listener: () => void): void;
      address(): AddressInfo;
      readonly clients: ReadonlySet<{ terminate(): void }>;
    };
  };
  const server = new WebSocketServer({ port: 0, host: LOCALHOST });
  closing.push(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const filtersBySocket = new Map<Socket, Map<string, readonly Filter[]>>();
  server.on("connection", (socket) => {
    const own = new Map<string, readonly Filter[]>();
    filtersBySocket.set(socket, own);
    socket.on("close", () => filtersBySocket.delete(socket));
    socket.on("message", (data) => {
      const [type, second, ...rest] = JSON.parse(data.toString()) as [string, never, ...Filter[]];
      if (type === "REQ") {
        own.set(second, rest);
        socket.send(JSON.stringify(["EOSE", second]));
      } else if (type === "CLOSE") own.delete(second);
      else if (type === "EVENT") {
        const event: { readonly id: string; readonly kind: number; readonly tags: readonly string[][] } = second;
        socket.send(JSON.stringify(["OK", event.id, true, ""]));
        const topics = event.tags.filter(([name]) => name === "x").map(([, topic]) => topic);
        const isWanted = ({ kinds, "#x": wanted }: Filter) =>
          kinds?.includes(event.kind) !== false && (wanted === undefined || wanted.some((x) => topics.includes(x)));
        for (const [other, subscriptions] of filtersBySocket) {
          for (const [name, filters] of subscriptions) {
            if (filters.some(isWanted)) other.send(JSON.stringify(["EVENT", name, event]));
          }
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.on("listening", resolve));
  return server.address().port;
}

/** Each library's page, minified as it would be published. */
async function servePages(folder: string, closing: (() => unknown)[]): Promise<number> {
  const scripts = new Map<string, string>();
  await mkdir(join(folder, "pages"));
  for (const name of OTHER_NAMES) {
    await writeFile(join(folder, "pages", `${name}.js`), PAGES[name]);
    scripts.set(`/${name}.js`, await bundlePage(`pages/${name}.js`, folder, true));
  }
  const server = createServer((request, response) => {
    const script = scripts.get(request.url ?? "");
    const name = request.url?.slice(1).replace(".html", ".js");
    response.writeHead(200, script === undefined ? HEADERS : { ...HEADERS, "content-type": "text/javascript" });
    response.end(script ?? `<!doctype html><title>page</title><script src="/${name}"></script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, LOCALHOST, resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
