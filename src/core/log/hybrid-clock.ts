/**
 * Hybrid logical clocks and ranks (PROTOCOL, Order shown). Both are 64 bits as 16 hex digits, so that they compare as strings:
 * 48 bits of milliseconds, 16 bits of counter. The rank of an entry is its clock, lifted above everything it depends on:
 * equal sets of entries give equal ranks everywhere, and order by rank never contradicts causality, whatever clocks say.
 */

/** A remote clock further ahead than this is never merged into ours. */
export const MAX_CLOCK_LEAD_MS = 5 * 60_000;

const COUNTER_BITS = 16n;
export const ZERO_CLOCK = "0".repeat(16);

function clockOfTime(timeMs: number): string {
  return toHex(BigInt(Math.max(0, Math.floor(timeMs))) << COUNTER_BITS);
}

/** Milliseconds since 1970. */
export function timeOfClock(clock: string): number {
  return Number.parseInt(clock.slice(0, 12), 16);
}

/** The clock of a new entry: the present, or just after the newest of `heads` that is not too far ahead of it. */
export function nextClock(nowMs: number, heads: readonly string[]): string {
  const present = clockOfTime(nowMs);
  const horizon = clockOfTime(nowMs + MAX_CLOCK_LEAD_MS);
  let newest = ZERO_CLOCK;
  for (const head of heads) if (head > newest && head <= horizon) newest = head;
  return newest >= present ? after(newest) : present;
}

/** The rank of an entry with this clock whose predecessors (previous entry and dependencies) have these ranks. */
export function rankOf(clock: string, predecessors: readonly string[]): string {
  let rank = clock;
  for (const predecessor of predecessors) {
    const least = after(predecessor);
    if (least > rank) rank = least;
  }
  return rank;
}

function after(value: string): string {
  return toHex(BigInt(`0x${value}`) + 1n);
}

function toHex(value: bigint): string {
  return value.toString(16).padStart(16, "0");
}
