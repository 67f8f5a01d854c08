/** Amounts of storage in words. */

const UNITS = ["bytes", "kB", "MB", "GB"] as const;

export function formatBytes(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  const digits = amount < 10 && unit > 0 ? 1 : 0;
  const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: digits }).format(amount);
  return `${number} ${UNITS[unit] ?? "GB"}`;
}
