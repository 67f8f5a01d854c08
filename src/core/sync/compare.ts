/** What two sides lack of each other, from their heights alone. Pure (PROTOCOL, Sync). */
import type { DeviceId } from "../codec/ids.ts";
import { logName, type LogState, type PassedPiece } from "../log/log-state.ts";
import type { HaveRow, WantRange } from "./payloads.ts";

export interface Comparison {
  /** Ranges that the peer has and we lack, control logs first. */
  readonly wants: readonly WantRange[];
  /** The peer's height of each log that it named, by log name. */
  readonly peerHeights: ReadonlyMap<string, number>;
  /** Logs in which the peer is at our height with another head: two histories under one name. */
  readonly forked: readonly string[];
  /** What the peer has beyond what it can send us now. */
  readonly unreachable: readonly PassedPiece[];
}

export function compare(
  local: ReadonlyMap<string, LogState>,
  remote: readonly HaveRow[],
  isKnownDevice: (device: DeviceId) => boolean,
): Comparison {
  const wants: WantRange[] = [];
  const peerHeights = new Map<string, number>();
  const forked: string[] = [];
  const unreachable: PassedPiece[] = [];
  for (const row of remote) {
    const name = logName(row.device, row.channel);
    const held = local.get(name)?.row;
    const height = held?.height ?? 0;
    peerHeights.set(name, row.height);
    // Where the peer joined later than we did, it lacks itself what we lack; of a log that it has nothing of yet, too.
    const isReachable = (height === 0 || row.base <= height) && row.base < row.height;
    if (row.height > height) {
      const from = Math.max(height, row.base) + 1;
      // Another history of it came already: it would not link the next time either.
      const isForked = from >= (held?.forkedAt ?? Infinity);
      if (isForked) continue;
      if (isReachable && isKnownDevice(row.device))
        wants.push({ device: row.device, channel: row.channel, from, to: row.height });
      else unreachable.push({ device: row.device, channel: row.channel, to: row.height, triedAt: height });
    } else if (row.height === height && height > 0 && held?.head.slice(0, 8) !== row.headPrefix) {
      forked.push(name);
      // What it has there is signed, or not: what is only said counts for nothing.
      const { device, channel } = row;
      if (held?.forkedAt === undefined && isKnownDevice(device))
        wants.push({ device, channel, from: height, to: height });
    }
  }
  wants.sort((a, b) => a.channel - b.channel);
  return { wants, peerHeights, forked, unreachable };
}

/** What is told of the held logs. */
export function haveRows(logs: ReadonlyMap<string, LogState>): HaveRow[] {
  return [...logs.values()]
    .filter((log) => log.row.height > 0)
    .map(({ device, channel, row }) => ({
      device,
      channel,
      base: row.base,
      height: row.height,
      headPrefix: row.head.slice(0, 8),
    }));
}
