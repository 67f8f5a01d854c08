/** The matrix as people read it: one line per pair. */
import type { Rung } from "./path-proof.ts";
import { SITE_WORDS } from "./site-kinds.ts";
import type { Step, StoryResult } from "./story.ts";

const LATER_MS = 1_500;
const HEAD =
  "| networks | helper | bare WebRTC | meeting | page loaded anew | relay killed | line between them cut | line mended |";

export function tableOf(results: readonly StoryResult[]): string {
  const lines = results.map(({ pair, hasHelper, rawMs, meeting, again, relayGone, relayBack, lineCut, lineMended }) => {
    const cells = [pair, hasHelper ? "yes" : "no", rawMs === undefined ? "none" : seconds(rawMs)];
    const killed =
      relayBack === undefined ? words(relayGone) : `${words(relayGone)}; with it back: ${words(relayBack)}`;
    const steps = [words(meeting), words(again), killed, words(lineCut), words(lineMended)];
    return `| ${[...cells, ...steps].join(" | ")} |`;
  });
  const kinds = Object.entries(SITE_WORDS).map(([kind, meaning]) => `${kind}: ${meaning}`);
  return [HEAD, "|---|---|---|---|---|---|---|---|", ...lines, "", ...kinds, "lan: two hosts behind one router"].join(
    "\n",
  );
}

function words(step: Step | undefined): string {
  if (step === undefined) return "–";
  const { firstMessageMs, rung, back, rungMs } = step;
  if (firstMessageMs === undefined) return "waits";
  if (rung === undefined || rungMs === undefined) return seconds(firstMessageMs);
  // Soon after the first message is as good as with it: the proof itself takes a moment.
  const later = rungMs - firstMessageMs > LATER_MS ? ` after ${seconds(rungMs)}` : "";
  const other = back === undefined || back.kind === rung.kind ? "" : `, the other way ${rungWords(back)}`;
  return `${seconds(firstMessageMs)}, ${rungWords(rung)}${later}${other}`;
}

function rungWords(rung: Rung): string {
  switch (rung.kind) {
    case "direct":
      return `direct (${rung.candidates})`;
    case "peer":
      return "through the helper";
    case "both":
      return "through helper and relay";
    case "relay":
      return "through the relay";
    case "unknown":
      return "unexplained";
    case "none":
      return "not in 30 s";
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
