/**
 * Which of two links to one peer survives. Both ends must decide alike without talking, because core moves to whatever link is new:
 * if each end moved to the other's, both links would be closed.
 */

export interface Rival {
  readonly isOpener: boolean;
  readonly isDirect: boolean;
  readonly ageMs: number;
}

/** take: hand it out · refuse: close it · verify: hand it out only if the direct link we have turns out to be dead. */
export type Verdict = "take" | "refuse" | "verify";

/** Links opened from both ends within this time were dialled at once; a later one means the other end lost the first. */
export const SIMULTANEOUS_MS = 3000;

/** `isSmaller`: this device's peer key is the smaller of the two. Links opened by the smaller key win. */
export function judge(
  arriving: { readonly isOpener: boolean; readonly isDirect: boolean },
  existing: readonly Rival[],
  isSmaller: boolean,
): Verdict {
  if (!arriving.isDirect && existing.some((rival) => rival.isDirect)) {
    // A peer that is linked directly dials a circuit only if its own end of the direct link is gone, or by a narrow race.
    return arriving.isOpener ? "refuse" : "verify";
  }
  const isContested = existing.some(
    (rival) =>
      rival.isDirect === arriving.isDirect && rival.isOpener !== arriving.isOpener && rival.ageMs < SIMULTANEOUS_MS,
  );
  if (!isContested) return "take";
  return arriving.isOpener === isSmaller ? "take" : "refuse";
}
