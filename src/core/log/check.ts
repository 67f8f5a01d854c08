/**
 * A batch of entries from others held against itself, one signature verified per run (PROTOCOL, Cheap verification). Nothing is read
 * from the store; a whole batch takes a while, so others get the thread in between.
 */
import type { Clock } from "../clock.ts";
import type { ConversationId, DeviceId, EntryId } from "../codec/ids.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { Suite } from "../crypto/suite.ts";
import { inSlices } from "./slices.ts";
import { type Entry, type EntryParts, readEntry, verifyEntry } from "./entry.ts";
import { logName } from "./log-state.ts";

export const MAX_BATCH_ENTRIES = 256;
export const MAX_BATCH_BYTES = 512 * 1024;

/** Consecutive entries of one log. */
export interface Run {
  readonly device: DeviceId;
  readonly channel: number;
  readonly entries: readonly Entry[];
}

export type Rejection = "malformed" | "foreign" | "unknown-device" | "bad-signature";

export type CheckedBatch =
  | { readonly kind: "checked"; readonly runs: readonly Run[] }
  | { readonly kind: "rejected"; readonly reason: Rejection };

/**
 * Decodes a batch, cuts it into runs of linked entries and verifies the signature of the last entry of each. Usually that is
 * one run per log; several batches that were sent apart can repeat or skip what came over another link.
 */
export async function checkBatch(
  suite: Suite,
  clock: Pick<Clock, "monotonic" | "pause">,
  conversation: ConversationId,
  batch: readonly EntryParts[],
  logKeyOf: (device: DeviceId) => Uint8Array | undefined,
): Promise<CheckedBatch> {
  const unverified: Entry[][] = [];
  const newestRunByLog = new Map<string, Entry[]>();
  let reason: Rejection | undefined;
  await inSlices(clock, batch, (parts) => {
    if (reason !== undefined) return;
    const entry = readable(suite, parts);
    if (entry === undefined) {
      reason = "malformed";
    } else if (entry.header.conversation !== conversation || entry.header.suite !== suite.id) {
      reason = "foreign";
    } else {
      const name = logName(entry.header.device, entry.header.channel);
      const run = newestRunByLog.get(name);
      if (run !== undefined && follows(entry, run.at(-1))) {
        run.push(entry);
        return;
      }
      const next = [entry];
      newestRunByLog.set(name, next);
      unverified.push(next);
    }
  });

  const runs: Run[] = [];
  const verified = new Set<EntryId>();
  await inSlices(clock, unverified, (entries) => {
    const last = entries.at(-1);
    if (last === undefined || reason !== undefined) return;
    const logKey = logKeyOf(last.header.device);
    if (logKey === undefined) {
      reason = "unknown-device";
    } else if (!verified.has(last.id) && !verifyEntry(suite, logKey, last.parts)) {
      // A batch that repeats one entry again and again costs one check.
      reason = "bad-signature";
    } else {
      verified.add(last.id);
      runs.push({ device: last.header.device, channel: last.header.channel, entries });
    }
  });
  return reason === undefined ? { kind: "checked", runs } : { kind: "rejected", reason };
}

function readable(suite: Suite, parts: EntryParts): Entry | undefined {
  try {
    return readEntry(suite, parts);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function follows(entry: Entry, last: Entry | undefined): boolean {
  return entry.header.seq === (last?.header.seq ?? 0) + 1 && entry.header.previous === last?.id;
}
