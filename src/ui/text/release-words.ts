/** The words about builds of Kith: which one runs here, and which ones contacts run. */

export const FINGERPRINT_USE =
  "It names the code that runs here. Compare it with the published list for this version. A changed copy could also change what it shows here, so check from outside too: Kith’s README has the commands under “Check what you are served”.";

export const FINGERPRINT_UNKNOWN =
  "Not known: this host has no list of files that fits what runs here. Reload Kith while you are online. If this stays, ask whoever serves the page.";

export const COPY_ADVICE =
  "The copy whose fingerprint stands in the published list for this version is the right one. Who has another one should open Kith from a host they trust and tell others. Until that is clear, write nothing secret.";

export function differingCopyWords(name: string, version: string): string {
  return `${name}’s copy of Kith ${version} differs from yours: one of you may have been served changed code. Write nothing secret until you have compared both with the published list.`;
}

/** In groups of four, for reading aloud. */
export function groupedFingerprint(hex: string): string {
  return hex.replace(/(.{4})(?=.)/g, "$1 ");
}
