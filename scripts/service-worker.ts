/** Vite plugin: after a build, makes the service worker beside it. It stands alone, at an address that never changes. */
import { join, resolve } from "node:path";
import { build, type Plugin } from "vite";
import { writeWorker } from "./precache-list.ts";

export function serviceWorker(): Plugin {
  let root = ".";
  let folder = "dist";
  return {
    name: "kith-service-worker",
    apply: "build",
    configResolved(config) {
      root = config.root;
      folder = resolve(config.root, config.build.outDir);
    },
    writeBundle: {
      // Before the files are compressed.
      sequential: true,
      async handler() {
        await writeWorker(folder, await bundle(root));
      },
    },
  };
}

async function bundle(root: string): Promise<string> {
  const result = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    build: {
      target: "es2023",
      write: false,
      reportCompressedSize: false,
      rolldownOptions: { input: join(root, "src/sw/worker/worker.ts"), output: { format: "iife" } },
    },
  });
  const files = Array.isArray(result)
    ? result.flatMap(({ output }) => output)
    : "output" in result
      ? result.output
      : [];
  const [worker] = files;
  if (files.length !== 1 || worker?.type !== "chunk") throw new Error("The service worker is not one file");
  return worker.code;
}
