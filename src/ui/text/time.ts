/** Times and dates in the reader's locale, short. */

/** Each made when it is first needed: the first of them loads the locale, which a start need not wait for. */
const FORMATS = {
  time: { hour: "numeric", minute: "2-digit" },
  weekday: { weekday: "short" },
  longDay: { weekday: "long", day: "numeric", month: "long" },
  shortDate: { day: "numeric", month: "short" },
  olderDate: { dateStyle: "medium" },
  fullDate: { day: "numeric", month: "long", year: "numeric" },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>;
type Format = keyof typeof FORMATS;

const formats = new Map<Format, Intl.DateTimeFormat>();

const DAY_MS = 86_400_000;

export function formatTime(at: number): string {
  return formatted("time", at);
}

export function formatDate(at: number): string {
  return formatted("shortDate", at);
}

/** For a row of the list: the time today, the weekday this week, else the date. */
export function formatMoment(at: number, now: number): string {
  const days = daysBefore(at, now);
  if (days <= 0) return formatted("time", at);
  if (days < 7) return formatted("weekday", at);
  return sameYear(at, now) ? formatted("shortDate", at) : formatted("olderDate", at);
}

/** For a day separator. */
export function formatDay(at: number, now: number): string {
  const days = daysBefore(at, now);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return sameYear(at, now) ? formatted("longDay", at) : formatted("fullDate", at);
}

/** Day and time, for facts: "22:40", "Thu, 22:40". */
export function formatExactly(at: number, now: number): string {
  return daysBefore(at, now) <= 0 ? formatted("time", at) : `${formatMoment(at, now)}, ${formatted("time", at)}`;
}

/** Machine readable, for `datetime`. */
export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

function formatted(name: Format, at: number): string {
  const format = formats.get(name) ?? new Intl.DateTimeFormat(undefined, FORMATS[name]);
  formats.set(name, format);
  return format.format(at);
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
