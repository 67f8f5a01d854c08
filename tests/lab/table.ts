/** The matrix as people read it: one line per pair. */
import type { Rung } from "./path-proof.ts";
import { SITE_WORDS } from "./site-kinds.ts";
import type { Step, StoryResult } from "./story.ts";

const HEAD = "| networks | helper | bare WebRTC | meeting | page loaded anew | loaded anew, relay killed |";

export function tableOf(results: readonly StoryResult[]): string {
  const lines = results.map(({ pair, hasHelper, rawMs, meeting, again, withoutRelay }) => {
    const cells = [pair, hasHelper ? "yes" : "no", rawMs === undefined ? "none" : seconds(rawMs)];
    return `| ${[...cells, words(meeting), words(again), words(withoutRelay)].join(" | ")} |`;
  });
  const kinds = Object.entries(SITE_WORDS).map(([kind, meaning]) => `${kind}: ${meaning}`);
  return [HEAD, "|---|---|---|---|---|---|", ...lines, "", ...kinds, "lan: two hosts behind one router"].join("\n");
}

function words({ firstMessageMs, rung }: Step): string {
  if (firstMessageMs === undefined) return "waits";
  return `${seconds(firstMessageMs)}, ${rung === undefined ? "?" : rungWords(rung)}`;
}

function rungWords(rung: Rung): string {
  switch (rung.kind) {
    case "direct":
      return `direct (${rung.candidates})`;
    case "peer":
      return "through the helper";
    case "relay":
      return "through the relay";
    case "unknown":
      return "unexplained";
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
