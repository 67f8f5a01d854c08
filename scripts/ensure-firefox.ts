/** Sees to it that there is a Firefox for the tests that need a second kind of browser: an installed one, else the system's package. */
import { findFirefox } from "../tests/support/firefox.ts";
import { runProcess } from "./run-process.ts";

const APT_UPDATE_LIMIT_MS = 60_000;
const APT_INSTALL_LIMIT_MS = 240_000;

/** Why there is none, where there is none: the tests that need it are skipped then. */
export async function ensureFirefox(): Promise<string | undefined> {
  if (findFirefox() !== undefined) return undefined;
  if (process.getuid?.() !== 0) return "no Firefox is installed, and only root can install one";
  console.log("No Firefox found: installing one …");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await runProcess("apt-get", ["update"], { limitMs: APT_UPDATE_LIMIT_MS, env });
  const args = ["install", "-y", "--no-install-recommends", "firefox-esr"];
  const result = await runProcess("apt-get", args, { limitMs: APT_INSTALL_LIMIT_MS, env });
  if (findFirefox() !== undefined) return undefined;
  const said = result.output.trim().split("\n").at(-1) ?? "";
  return `the system's package manager installed no Firefox${result.isTimedOut ? " in time" : ""}: ${said}`;
}
