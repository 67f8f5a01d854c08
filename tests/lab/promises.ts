/** What every row of the matrix is to keep, whatever the networks: a run of the lab in which one is broken ends badly. */
import type { Step, StoryResult } from "./story.ts";

/** By then a lost path has been noticed and another one found. */
const ANOTHER_PATH_MS = 15_000;

/** In words; empty when all are kept. */
export function brokenPromises({ rawMs, lineCut, lineMended, ...told }: StoryResult): readonly string[] {
  const isDirect = (step: Step) => step.rung?.kind === "direct";
  const { meeting, again, relayGone } = told;
  const direct = { meeting, "page loaded anew": again, "relay killed": relayGone, ...(lineMended && { lineMended }) };
  const broken = rawMs === undefined ? [] : Object.entries(direct).filter(([, step]) => !isDirect(step));
  const words = broken.map(([name]) => `${name}: bare WebRTC connects, and messages do not go directly`);
  if (lineCut === undefined || (lineCut.firstMessageMs ?? Infinity) <= ANOTHER_PATH_MS) return words;
  return [...words, "line cut: no message by another path within 15 s"];
}
