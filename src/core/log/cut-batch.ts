/**
 * Entries that were read together, cut into batches for a narrow link. Each ends where this device can stand for the signatures: the
 * receiver checks just the last one of a run, and those within may be anything (PROTOCOL, Cheap verification).
 */
import type { Clock } from "../clock.ts";
import type { DeviceId } from "../codec/ids.ts";
import type { Suite } from "../crypto/suite.ts";
import { sizeOf, verifyEntry } from "./entry.ts";
import { logName } from "./log-state.ts";
import type { ServedEntry } from "./serve.ts";
import { inSlices } from "./slices.ts";

/**
 * Batches of at most `maxBytes` each (a longer entry is one of its own), without a gap and in the order given. One is longer only
 * where no signature before holds. The end of the last is taken as it is: `readBatch` has seen to it.
 */
export async function cutWhereSigned(
  suite: Suite,
  clock: Pick<Clock, "monotonic" | "pause">,
  entries: readonly ServedEntry[],
  maxBytes: number,
  logKeyOf: (device: DeviceId) => Uint8Array | undefined,
): Promise<readonly (readonly ServedEntry[])[]> {
  const batches: ServedEntry[][] = [];
  let batch: ServedEntry[] = [];
  let bytes = 0;
  /** The last entry of each log in this batch, by log name, and whether its signature holds once that was looked at. */
  const ends = new Map<string, { readonly entry: ServedEntry; isSigned?: boolean }>();
  const isSigned = (end: { readonly entry: ServedEntry; isSigned?: boolean }): boolean => {
    const { device, parts } = end.entry;
    const logKey = logKeyOf(device);
    return (end.isSigned ??= logKey !== undefined && verifyEntry(suite, logKey, parts));
  };
  await inSlices(clock, entries, (entry) => {
    const size = bytesOf(entry);
    if (batch.length > 0 && bytes + size > maxBytes && [...ends.values()].every(isSigned)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
      ends.clear();
    }
    batch.push(entry);
    bytes += size;
    ends.set(logName(entry.device, entry.channel), { entry });
  });
  return batch.length === 0 ? batches : [...batches, batch];
}

function bytesOf({ parts, envelopes }: ServedEntry): number {
  return sizeOf(parts) + (envelopes ?? []).reduce((sum, { bytes }) => sum + bytes.length, 0);
}
