/** A TypeScript file with all it imports as one script for a browser page. */
import { join } from "node:path";
import { build, type Plugin } from "vite";

const ROOT = join(import.meta.dirname, "../..");

/** `entry` is relative to the root: of the project, if left out. Readable unless it is to be as published. */
export async function bundlePage(
  entry: string,
  root = ROOT,
  isAsPublished = false,
  plugins: readonly Plugin[] = [],
): Promise<string> {
  const result = await build({
    root,
    configFile: false,
    logLevel: "error",
    publicDir: false,
    plugins: [...plugins],
    build: {
      write: false,
      minify: isAsPublished,
      target: "es2023",
      lib: { entry: join(root, entry), formats: ["iife"], name: "page" },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  for (const bundle of outputs) {
    if (!("output" in bundle)) continue;
    for (const file of bundle.output) if (file.type === "chunk" && file.isEntry) return file.code;
  }
  throw new Error("the page was not built");
}
