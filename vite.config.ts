/** Builds the static app: relative addresses, so that it works from any folder of any host. The same sources give the same bytes. */
import { defineConfig } from "vite";
import { leaveOut } from "./scripts/leave-out.ts";
import { loadEarly } from "./scripts/load-early.ts";
import { quietLibp2p } from "./scripts/quiet-libp2p.ts";
import { precompress } from "./scripts/precompress.ts";
import { serviceWorker } from "./scripts/service-worker.ts";

export default defineConfig({
  base: "./",
  // Neither .env files nor a configuration of PostCSS in a folder above change what is built.
  envDir: false,
  css: { postcss: {} },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2023",
    outDir: "dist",
    sourcemap: false,
    // The whole look comes with the page: what is loaded later never waits for styles.
    cssCodeSplit: false,
    // Every browser that can run Kith preloads modules by itself. What a start needs is named in the page (loadEarly), so that scripts need no lists of it.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, needed, { hostType }) => (hostType === "js" ? [] : needed),
    },
    // The size budget is held by `npm run check`, in brotli.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_000,
  },
  // The package names its build for ES5 browsers, which is twice as large.
  resolve: { alias: { "workbox-window": "workbox-window/build/workbox-window.prod.mjs" } },
  plugins: [
    leaveOut(),
    quietLibp2p(),
    loadEarly(["src/compose.ts", "src/adapters/libp2p/libp2p-transport.ts"]),
    serviceWorker(),
    precompress(),
  ],
});
