/**
 * When people have the app open. Everybody is awake for 16 hours of their own day, opens the app about every 100 minutes of it, and leaves it
 * open for a while; most live in one time zone. How long they leave it open makes the share of the day that they are online.
 */
import type { Chance } from "../chance.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../world.ts";

/** From the first midnight of the measured days, in milliseconds; `to` excluded. */
export interface Session {
  readonly from: number;
  readonly to: number;
}

const AWAKE_MS = 16 * HOUR_MS;
const WAKES_AT_MS = 7 * HOUR_MS;
/** Early and late risers. */
const HABIT_MS = 1.5 * HOUR_MS;
/** From one day to the next. */
const UNEVEN_MS = 0.5 * HOUR_MS;
/** From one opening of the app to the next, on average. */
const CYCLE_MS = 100 * MINUTE_MS;
/** No shorter than this part of the average. */
const LEAST_PART = 0.25;
const SAME_ZONE = 0.7;
const OTHER_ZONES = 12;

/** One person's sessions within the first `days`, in order, never overlapping. `share`: of the whole day, up to 0.66. */
export function planSessions(chance: Chance, share: number, days: number): readonly Session[] {
  const zoneMs = (chance.is(SAME_ZONE) ? 0 : chance.whole(1 - OTHER_ZONES, OTHER_ZONES)) * HOUR_MS;
  const habitMs = chance.between(-HABIT_MS, HABIT_MS);
  const awakeShare = (share * DAY_MS) / AWAKE_MS;
  const sessions: Session[] = [];
  for (let day = -1; day <= days; day += 1) {
    const wakesAt = day * DAY_MS + zoneMs + WAKES_AT_MS + habitMs + chance.between(-UNEVEN_MS, UNEVEN_MS);
    sessions.push(...awakeSessions(chance, awakeShare, wakesAt));
  }
  return sessions
    .map(({ from, to }) => ({ from: Math.max(0, from), to: Math.min(days * DAY_MS, to) }))
    .filter(({ from, to }) => to > from);
}

function awakeSessions(chance: Chance, share: number, wakesAt: number): readonly Session[] {
  const [openMs, closedMs] = [CYCLE_MS * share, CYCLE_MS * (1 - share)];
  const sleepsAt = wakesAt + AWAKE_MS;
  const sessions: Session[] = [];
  let isOpen = chance.is(share);
  let at = wakesAt;
  while (at < sleepsAt) {
    const lasts = lengthOf(chance, isOpen ? openMs : closedMs);
    if (isOpen) sessions.push({ from: at, to: Math.min(at + lasts, sleepsAt) });
    isOpen = !isOpen;
    at += lasts;
  }
  return sessions;
}

/** Many short ones, a few long. */
function lengthOf(chance: Chance, averageMs: number): number {
  return averageMs * (LEAST_PART - (1 - LEAST_PART) * Math.log(1 - chance.next()));
}

export interface PlannedMessage {
  readonly author: number;
  /** From the first midnight of the measured days. */
  readonly at: number;
}

/** Nobody types at once. */
const FIRST_WORD_MS = 10_000;

/** Messages of random writers, while they have the app open, in the order of their times. */
export function planMessages(
  chance: Chance,
  sessionsOf: readonly (readonly Session[])[],
  count: number,
  untilMs: number,
): readonly PlannedMessage[] {
  const messages: PlannedMessage[] = [];
  for (let number = 0; number < count; number += 1) {
    const author = chance.whole(0, sessionsOf.length - 1);
    const at = someTimeIn(chance, sessionsOf[author] ?? [], untilMs);
    if (at !== undefined) messages.push({ author, at });
  }
  return messages.toSorted((a, b) => a.at - b.at);
}

function someTimeIn(chance: Chance, sessions: readonly Session[], untilMs: number): number | undefined {
  const usable = sessions
    .map(({ from, to }) => ({ from: from + FIRST_WORD_MS, to: Math.min(to, untilMs) }))
    .filter(({ from, to }) => to > from);
  let left = chance.next() * usable.reduce((sum, { from, to }) => sum + to - from, 0);
  for (const { from, to } of usable) {
    if (left < to - from) return from + left;
    left -= to - from;
  }
  return undefined;
}
