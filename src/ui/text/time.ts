/** Times and dates in the reader's locale, short. */

const time = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const shortDate = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const olderDate = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const fullDate = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long", year: "numeric" });

const DAY_MS = 86_400_000;

export function formatTime(at: number): string {
  return time.format(at);
}

export function formatDate(at: number): string {
  return shortDate.format(at);
}

/** For a row of the list: the time today, the weekday this week, else the date. */
export function formatMoment(at: number, now: number): string {
  const days = daysBefore(at, now);
  if (days <= 0) return time.format(at);
  if (days < 7) return weekday.format(at);
  return sameYear(at, now) ? shortDate.format(at) : olderDate.format(at);
}

/** For a day separator. */
export function formatDay(at: number, now: number): string {
  const days = daysBefore(at, now);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return sameYear(at, now) ? longDay.format(at) : fullDate.format(at);
}

/** Day and time, for facts: "22:40", "Thu, 22:40". */
export function formatExactly(at: number, now: number): string {
  return daysBefore(at, now) <= 0 ? time.format(at) : `${formatMoment(at, now)}, ${time.format(at)}`;
}

/** Machine readable, for `datetime`. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

function daysBefore(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function sameYear(at: number, now: number): boolean {
  return new Date(at).getFullYear() === new Date(now).getFullYear();
}
