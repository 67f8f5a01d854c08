/** Which build of Kith this page is: its version, and the hash of the list of its files (decision 0050). */
import { bytesToHex, bytesToText } from "../../core/codec/bytes.ts";

const LIST_FILE = "SHA256SUMS";
/** Lower-case hex of SHA-256, and two spaces. */
const HASH_COLUMN = 66;
const PATIENCE_MS = 20_000;

export interface ReleaseInfo {
  readonly version: string;
  fingerprint(): Promise<string | undefined>;
}

/**
 * `scripts`: addresses of what this page runs. Those below `appUrl` carry hashes in their names; a list that lacks one of them is of another
 * build, which the host serves by now.
 */
export function createReleaseInfo(version: string, appUrl: URL, scripts: readonly string[]): ReleaseInfo {
  const running = scripts.filter((url) => url.startsWith(appUrl.href)).map((url) => url.slice(appUrl.href.length));
  let reading: Promise<string | undefined> | undefined;
  return {
    version,
    fingerprint() {
      // What could not be read may be readable later; what was read stays, since this page's build does.
      reading ??= readFingerprint(appUrl, running)
        .catch(() => undefined)
        .then((fingerprint) => {
          if (fingerprint === undefined) reading = undefined;
          return fingerprint;
        });
      return reading;
    },
  };
}

/** Rejects when there is neither a kept list nor a host. */
async function readFingerprint(appUrl: URL, running: readonly string[]): Promise<string | undefined> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  // Where a service worker is in charge, this is the list of its build, which is this page's.
  const response = await fetch(new URL(LIST_FILE, appUrl), { cache: "no-cache", credentials: "omit", signal });
  if (!response.ok) return undefined;
  const list = new Uint8Array(await response.arrayBuffer());
  const listed = new Set(
    bytesToText(list)
      .split("\n")
      .map((line) => line.slice(HASH_COLUMN)),
  );
  if (running.length === 0 || !running.every((path) => listed.has(path))) return undefined;
  return bytesToHex(new Uint8Array(await crypto.subtle.digest("SHA-256", list)));
}
