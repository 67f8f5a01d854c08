/** Figures as people read them. */
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const KILO = 1_000;

export function durationText(ms: number): string {
  if (ms < SECOND_MS) return `${(ms / SECOND_MS).toFixed(1)} s`;
  if (ms < MINUTE_MS) return `${twoDigits(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${twoDigits(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${twoDigits(ms / HOUR_MS)} h`;
  return `${twoDigits(ms / DAY_MS)} d`;
}

export function bytesText(bytes: number): string {
  if (bytes < KILO) return `${Math.round(bytes)} B`;
  return bytes < KILO * KILO ? `${twoDigits(bytes / KILO)} kB` : `${twoDigits(bytes / KILO / KILO)} MB`;
}

function twoDigits(value: number): string {
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}
