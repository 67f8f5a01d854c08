/** The state of the logs of one conversation, as rows keyed by [conversation, device, channel]. */
import { textToBytes } from "../codec/bytes.ts";
import { dependencyOrder, NO_ENTRY } from "../codec/entry.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import type { Suite } from "../crypto/suite.ts";
import type { ReadTransaction } from "../store/store.ts";
import type { LogRow } from "../store/tables.ts";
import { ZERO_CLOCK } from "./hybrid-clock.ts";

export interface LogState {
  readonly device: DeviceId;
  readonly channel: number;
  readonly row: LogRow;
}

/** Entries up to a seq of a log that somebody has and that could not be taken. */
export interface PassedPiece {
  readonly device: DeviceId;
  readonly channel: number;
  readonly to: number;
  /** They did not follow on the log at this height; undefined: nothing of this log could be taken. */
  readonly triedAt: number | undefined;
}

export const EMPTY_LOG: LogRow = {
  base: 0,
  height: 0,
  head: NO_ENTRY,
  opened: 0,
  verified: 0,
  headClock: ZERO_CLOCK,
  headRank: ZERO_CLOCK,
};

/** Sortable name of a log within its conversation. */
export function logName(device: DeviceId, channel: number): string {
  return dependencyOrder(device, channel);
}

/** All logs of a conversation by name, sorted by (device, channel). */
export async function readLogs(tx: ReadTransaction, conversation: ConversationId): Promise<Map<string, LogState>> {
  const rows = await tx.range("logs", { prefix: [conversation] });
  const logs = new Map<string, LogState>();
  for (const { key, value } of rows) {
    const device = String(key[1]) as DeviceId;
    const channel = Number(key[2]);
    logs.set(logName(device, channel), { device, channel, row: value });
  }
  return logs;
}

/** SHA-256 over the sorted (log, height, head prefix) list: equal digests mean equal histories. */
export function digestLogs(suite: Suite, logs: ReadonlyMap<string, LogState>): Uint8Array {
  const lines = [...logs]
    .filter(([, log]) => log.row.height > 0)
    .map(([name, log]) => `${name}:${log.row.height}:${log.row.head.slice(0, 8)}\n`)
    .toSorted();
  return suite.hash(textToBytes(lines.join("")));
}
