/** Sees to it that there is a Chromium for the tests: an installed one, else the system's package, else Playwright's own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright";
import { findChromium } from "../tests/support/chromium.ts";
import { ROOT_FOLDER } from "./build-app.ts";
import { runProcess } from "./run-process.ts";

const APT_LIMIT_MS = 600_000;
const DOWNLOAD_LIMIT_MS = 300_000;

/** Whether there is one now. */
export async function ensureChromium(): Promise<boolean> {
  if (hasChromium()) return true;
  console.log("No Chromium found: installing one …");
  if (process.getuid?.() === 0) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    const apt = async (...args: string[]) => runProcess("apt-get", args, { limitMs: APT_LIMIT_MS, isShown: true, env });
    const isUpdated = (await apt("update")).status === 0;
    if (isUpdated) await apt("install", "-y", "--no-install-recommends", "chromium");
    if (hasChromium()) return true;
  }
  const cli = join(ROOT_FOLDER, "node_modules", ".bin", "playwright");
  await runProcess(cli, ["install", "chromium"], { limitMs: DOWNLOAD_LIMIT_MS, isShown: true });
  return hasChromium();
}

function hasChromium(): boolean {
  return findChromium() !== undefined || existsSync(chromium.executablePath());
}
