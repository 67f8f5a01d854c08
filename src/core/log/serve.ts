/** What is sent to a peer that lacks it: batches in causal order, control first, each ending at signatures this device stands for. */
import { CONTROL_CHANNEL } from "../codec/entry.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import { ENVELOPE_BYTES } from "../crypto/envelope.ts";
import type { Suite } from "../crypto/suite.ts";
import type { ReadTransaction } from "../store/store.ts";
import type { EntryRow } from "../store/tables.ts";
import { type EntryParts, sizeOf, verifyEntry } from "./entry.ts";
import { logName, type LogState } from "./log-state.ts";

/** Tables that `readBatch` needs in its transaction. */
export const SERVE_TABLES = ["logs", "entries", "envelopes"] as const;

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
  /** Seeds that this entry brings, each for the device that it was sealed to. */
  readonly envelopes?: readonly ServedEnvelope[];
}

export interface ServedEnvelope {
  readonly recipient: DeviceId;
  readonly bytes: Uint8Array;
}

/** A batch brings no more than this of them: the receiver keeps them until the batch is complete. */
export const MAX_BATCH_ENVELOPES = 32;

/**
 * The next batch for a peer, at most `maxEntries` and about `maxBytes`. Empty when nothing is left (or nothing may be vouched for).
 * Entries of others are only served up to one whose signature verifies, since the receiver checks just the last one of a run.
 */
export async function readBatch(
  tx: ReadTransaction,
  suite: Suite,
  conversation: ConversationId,
  missing: readonly Missing[],
  limits: { readonly maxEntries: number; readonly maxBytes: number; readonly recipient: DeviceId | undefined },
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
  let envelopes = 0;
  for (const { entry } of candidates) {
    const envelope = hasControl ? await readEnvelope(tx, conversation, entry, limits.recipient) : undefined;
    bytes += sizeOf(entry.parts);
    bytes += envelope?.bytes.length ?? 0;
    envelopes += envelope === undefined ? 0 : 1;
    const isFull = batch.length === limits.maxEntries || envelopes > MAX_BATCH_ENVELOPES;
    if (isFull || (bytes > limits.maxBytes && batch.length > 0)) break;
    batch.push(envelope === undefined ? entry : { ...entry, envelopes: [envelope] });
  }
  return endAtVerified(suite, batch, missing, logKeyOf);
}

async function readEnvelope(
  tx: ReadTransaction,
  conversation: ConversationId,
  { device, seq }: ServedEntry,
  recipient: DeviceId | undefined,
): Promise<ServedEnvelope | undefined> {
  if (recipient === undefined) return undefined;
  const bytes = await tx.get("envelopes", [conversation, device, seq, recipient]);
  // A device that this one replaced may have left a mark that it waits for one.
  return bytes?.length === ENVELOPE_BYTES ? { recipient, bytes } : undefined;
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
