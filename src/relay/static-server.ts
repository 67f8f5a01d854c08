/** Serves the built app over HTTP, with `network.json` made at the time of the request. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import sirv, { type RequestHandler } from "sirv";
import { portError } from "./listen-port.ts";
import type { NetworkConfig } from "./network-config.ts";
import { cacheControl, SECURITY_HEADERS } from "./response-headers.ts";
import type { Running } from "./run-command.ts";

const NETWORK_JSON = "/network.json";

export interface StaticServerOptions {
  /** Folder of the built app. */
  readonly folder: string;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Content of network.json for a request with this Host header. */
  readonly networkConfig: (hostHeader: string | undefined) => NetworkConfig;
}

export interface StaticServer extends Running {
  readonly port: number;
}

/** Resolves when the server accepts requests. Throws CommandError when it cannot listen. */
export async function startStaticServer(options: StaticServerOptions): Promise<StaticServer> {
  // dev: looks at the folder for each request, so that a new build is served without a restart.
  const files = sirv(options.folder, {
    dev: true,
    etag: true,
    brotli: true,
    gzip: true,
    setHeaders: (response, pathname) => response.setHeader("Cache-Control", cacheControl(pathname)),
  });
  const server = createServer((request, response) => answer(request, response, files, options.networkConfig));
  try {
    server.listen({ host: options.host, port: options.port });
    await once(server, "listening");
  } catch (error) {
    throw portError(error, options.host, options.port, "port");
  }
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : options.port,
    stop: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  files: RequestHandler,
  networkConfig: StaticServerOptions["networkConfig"],
): void {
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    endWithText(response, 405, "Method not allowed");
    return;
  }
  // No file is large, and sirv lets a malformed range end the process.
  delete request.headers.range;
  if (request.url?.split("?", 1)[0] === NETWORK_JSON) {
    response.setHeader("Content-Type", "application/json");
    response.setHeader("Cache-Control", cacheControl(NETWORK_JSON));
    response.end(JSON.stringify(networkConfig(request.headers.host)));
    return;
  }
  files(request, response, () => endWithText(response, 404, "Not found"));
}

function endWithText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("Content-Type", "text/plain; charset=utf-8");
  response.setHeader("Cache-Control", "no-cache");
  response.end(`${text}\n`);
}
