/** When a device must begin a new epoch before its next message (PROTOCOL, Rekey). Pure. */
import type { EpochRecipient, SendingRow } from "../store/key-tables.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Up to this many devices epochs are short; up to the next, a recipient's newer key is taken up soon. */
const SMALL_DEVICES = 32;
const PAIR_DEVICES = 8;
const SMALL_LIMITS = { ageMs: HOUR_MS, messages: 50 };
const LARGE_LIMITS = { ageMs: 24 * HOUR_MS, messages: 200 };
/** A newer key of a recipient is taken up when the epoch is older than this. */
const NEWER_KEY_AGE_MS = 10 * MINUTE_MS;

export function isRekeyDue(
  sending: SendingRow | undefined,
  recipients: readonly EpochRecipient[],
  nowMs: number,
): boolean {
  if (sending === undefined || !isSameDevices(sending.recipients, recipients)) return true;
  const devices = recipients.length + 1;
  const limits = devices <= SMALL_DEVICES ? SMALL_LIMITS : LARGE_LIMITS;
  // A clock that was set back must not keep an epoch alive.
  const ageMs = Math.abs(nowMs - sending.startedAt);
  if (sending.generation >= limits.messages || ageMs >= limits.ageMs) return true;
  const hasNewerKey = recipients.some(({ number }, index) => number > (sending.recipients[index]?.number ?? 0));
  return devices <= PAIR_DEVICES && hasNewerKey && ageMs > NEWER_KEY_AGE_MS;
}

/** Both are sorted by device. */
function isSameDevices(a: readonly EpochRecipient[], b: readonly EpochRecipient[]): boolean {
  return a.length === b.length && a.every(({ device }, index) => device === b[index]?.device);
}
