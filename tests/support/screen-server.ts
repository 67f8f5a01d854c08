/** Serves the screen's page from the sources, without core's adapters and without the network. */
import { fileURLToPath } from "node:url";
import { allowContact } from "./run-network.ts";
import { createServer, type ViteDevServer } from "vite";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface ScreenServer {
  /** Of the page, to which a query can be added. */
  readonly url: string;
  close(): Promise<void>;
}

export async function startScreenServer(): Promise<ScreenServer> {
  const server = await createServer({
    configFile: false,
    root: ROOT,
    // Apart from other servers that may run at the same time.
    cacheDir: "node_modules/.vite-screen",
    logLevel: "error",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    optimizeDeps: {
      noDiscovery: true,
      include: [
        "preact",
        "preact/hooks",
        "preact/jsx-runtime",
        "preact/jsx-dev-runtime",
        "@preact/signals",
        "lucide",
        "qr",
      ],
    },
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
  });
  await server.listen();
  const url = `http://127.0.0.1:${portOf(server)}/tests/support/screen.html`;
  allowContact(url);
  return { url, close: () => server.close() };
}

function portOf(server: ViteDevServer): number {
  const address = server.httpServer?.address();
  if (typeof address !== "object" || address === null) throw new Error("The server of the screen has no port");
  return address.port;
}
