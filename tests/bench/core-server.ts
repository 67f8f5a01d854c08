/** Serves the page without a screen from the sources, with a network.json that names one relay. */
import { fileURLToPath } from "node:url";
import { createServer, type Plugin } from "vite";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface CoreServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startCoreServer(relay: string, plugins: readonly Plugin[] = []): Promise<CoreServer> {
  const config = JSON.stringify({ relays: [relay], iceServers: [] });
  const server = await createServer({
    configFile: false,
    root: ROOT,
    cacheDir: "node_modules/.vite-bench",
    logLevel: "error",
    build: { target: "es2023" },
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
    plugins: [
      ...plugins,
      {
        name: "network.json",
        configureServer({ middlewares }) {
          middlewares.use("/tests/bench/network.json", (_request, response) => {
            response.setHeader("content-type", "application/json");
            response.end(config);
          });
        },
      },
    ],
  });
  await server.listen();
  const address = server.httpServer?.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  const url = `http://localhost:${address.port}/tests/bench/core-page.html`;
  return { url, close: () => server.close() };
}
