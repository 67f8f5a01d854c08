/** What is sent to a peer that lacks it: batches in causal order, control first, each ending at signatures this device stands for. */
import { CONTROL_CHANNEL } from "../codec/entry.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import type { Suite } from "../crypto/suite.ts";
import type { ReadTransaction } from "../store/store.ts";
import type { EntryRow } from "../store/tables.ts";
import { type EntryParts, sizeOf, verifyEntry } from "./entry.ts";
import { logName, type LogState } from "./log-state.ts";

/** Tables that `readBatch` needs in its transaction. */
export const SERVE_TABLES = ["logs", "entries"] as const;

/** Entries of one log after `after`, which the peer has, up to the held height. */
export interface Missing {
  readonly log: LogState;
  readonly after: number;
}

export interface ServedEntry {
  readonly device: DeviceId;
  readonly channel: number;
  readonly seq: number;
  readonly parts: EntryParts;
}

/**
 * The next batch for a peer, at most `maxEntries` and about `maxBytes`. Empty when nothing is left (or nothing may be vouched for).
 * Entries of others are only served up to one whose signature verifies, since the receiver checks just the last one of a run.
 */
export async function readBatch(
  tx: ReadTransaction,
  suite: Suite,
  conversation: ConversationId,
  missing: readonly Missing[],
  limits: { readonly maxEntries: number; readonly maxBytes: number },
  logKeyOf: (device: DeviceId) => Uint8Array | undefined,
): Promise<readonly ServedEntry[]> {
  const candidates: { readonly rank: string; readonly entry: ServedEntry }[] = [];
  const hasControl = missing.some(({ log, after }) => log.channel === CONTROL_CHANNEL && after < log.row.height);
  for (const { log, after } of missing) {
    if (hasControl && log.channel !== CONTROL_CHANNEL) continue;
    const prefix = [conversation, log.device, log.channel];
    const rows = await tx.range("entries", { prefix, from: [...prefix, after + 1], limit: limits.maxEntries });
    for (const [index, { value }] of rows.entries()) {
      candidates.push({
        rank: value.rank === "" ? UNRANKED : value.rank,
        entry: served(log, after + 1 + index, value),
      });
    }
  }
  candidates.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : a.entry.seq - b.entry.seq));

  const batch: ServedEntry[] = [];
  let bytes = 0;
  for (const { entry } of candidates) {
    bytes += sizeOf(entry.parts);
    if (batch.length === limits.maxEntries || (bytes > limits.maxBytes && batch.length > 0)) break;
    batch.push(entry);
  }
  return endAtVerified(suite, batch, missing, logKeyOf);
}

/** Sorts entries that are not opened yet behind all others. */
const UNRANKED = "g";

function served(log: LogState, seq: number, row: EntryRow): ServedEntry {
  return {
    device: log.device,
    channel: log.channel,
    seq,
    parts: { header: row.header, signature: row.signature, body: row.body },
  };
}

function endAtVerified(
  suite: Suite,
  batch: readonly ServedEntry[],
  missing: readonly Missing[],
  logKeyOf: (device: DeviceId) => Uint8Array | undefined,
): readonly ServedEntry[] {
  const endByLog = new Map<string, number>();
  for (const { log } of missing) {
    const name = logName(log.device, log.channel);
    const last = batch.findLast((entry) => logName(entry.device, entry.channel) === name);
    if (last === undefined) continue;
    const logKey = logKeyOf(log.device);
    const isVouchedFor =
      last.seq === log.row.verified || (logKey !== undefined && verifyEntry(suite, logKey, last.parts));
    endByLog.set(name, isVouchedFor ? last.seq : log.row.verified);
  }
  return batch.filter((entry) => entry.seq <= (endByLog.get(logName(entry.device, entry.channel)) ?? 0));
}
