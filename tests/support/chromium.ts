/** Which Chromium the browser tests use, and with which flags: one place for Vitest, Playwright and the benchmarks. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const COMMANDS = ["chromium", "chromium-browser", "google-chrome"] as const;

/** Path of an installed Chromium: what KITH_CHROMIUM names, else the first of the usual commands on the PATH. */
export function findChromium(): string | undefined {
  const named = process.env["KITH_CHROMIUM"];
  if (named !== undefined && named !== "") return isExecutable(named) ? named : undefined;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command))).find(isExecutable);
}

/** Flags for a quiet, loopback-only browser that shows real host candidates. */
function chromiumFlags(): string[] {
  const flags = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
  ];
  // Chromium refuses its sandbox to root.
  return process.getuid?.() === 0 ? ["--no-sandbox", ...flags] : flags;
}

/** Playwright's launch options. Without an installed Chromium, Playwright looks for its own. */
export function chromiumLaunchOptions(): { args: string[]; executablePath?: string } {
  const executablePath = findChromium();
  return executablePath === undefined ? { args: chromiumFlags() } : { args: chromiumFlags(), executablePath };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
