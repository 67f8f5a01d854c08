/** Which Chromium the browser tests use, and with which flags: one place for Vitest, Playwright and the benchmarks. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { runLogFlags } from "./run-network.ts";

const OFF = [
  "WebRtcHideLocalIpsWithMdns",
  "AutofillServerCommunication",
  "OptimizationHints",
  "Translate",
  "MediaRouter",
];
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
    // One list: of two, Chromium heeds the last. All but the first are its own errands, some in the name of the page it shows.
    `--disable-features=${OFF.join(",")}`,
  ];
  // Chromium refuses its sandbox to root.
  return process.getuid?.() === 0 ? ["--no-sandbox", ...flags] : flags;
}

/**
 * Playwright's launch options, for one browser: in a run of the end-to-end tests it keeps a log of its network. Without an installed
 * Chromium, Playwright looks for its own.
 */
export function chromiumLaunchOptions(): { args: string[]; executablePath?: string } {
  const executablePath = findChromium();
  const args = [...chromiumFlags(), ...runLogFlags()];
  return executablePath === undefined ? { args } : { args, executablePath };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
