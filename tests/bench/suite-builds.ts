/** The app built twice from the same sources: as it is, and with the model suite in the place of the real one. Neither goes to dist/. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Plugin } from "vite";
import { ROOT_FOLDER } from "../../scripts/build-app.ts";
import { ServedBuild } from "../support/served-build.ts";

export const SUITES = ["real", "model"] as const;
export type SuiteName = (typeof SUITES)[number];

/** Stands in the model's own error, and nowhere in the app. */
const TRACE_OF_MODEL = "one key and nonce for two things";
const MODEL_SUITE = join(ROOT_FOLDER, "tests/bench/model-suite-page.ts");

/** What makes a build, or a server of sources, use this suite. */
export function pluginsFor(suite: SuiteName): readonly Plugin[] {
  if (suite === "real") return [];
  return [
    {
      name: "model suite",
      enforce: "pre",
      resolveId: (source, importer) =>
        source.endsWith("/crypto/real-suite.ts") && importer?.endsWith("/src/compose.ts") === true
          ? MODEL_SUITE
          : undefined,
    },
  ];
}

/** Builds into `folder` and serves it. */
export async function serveWith(suite: SuiteName, folder: string, relays: readonly string[]): Promise<ServedBuild> {
  process.env["NODE_ENV"] = "production";
  const outDir = join(folder, suite);
  await build({
    root: ROOT_FOLDER,
    logLevel: "error",
    build: { outDir, emptyOutDir: true },
    plugins: [...pluginsFor(suite)],
  });
  if ((await hasModel(outDir)) !== (suite === "model")) throw new Error(`this is no build with the ${suite} suite`);
  return ServedBuild.start(relays, outDir);
}

async function hasModel(folder: string): Promise<boolean> {
  const scripts = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".js"));
  const texts = await Promise.all(scripts.map(async (path) => readFile(join(folder, path), "utf8")));
  return texts.some((text) => text.includes(TRACE_OF_MODEL));
}
