/** Up to where a peer has, or was sent, each log of a conversation. */
import { logName, type LogState } from "../log/log-state.ts";
import type { Missing, ServedEntry } from "../log/serve.ts";

export class SentHeights {
  readonly #heights = new Map<string, number>();

  of(log: string): number {
    return this.#heights.get(log) ?? 0;
  }

  set(log: string, height: number): void {
    this.#heights.set(log, height);
  }

  raise(log: string, height: number): void {
    this.#heights.set(log, Math.max(this.of(log), height));
  }

  /** What of the held logs the peer lacks. */
  missing(logs: ReadonlyMap<string, LogState>): Missing[] {
    const missing: Missing[] = [];
    for (const [name, log] of logs) {
      const after = Math.max(this.of(name), log.row.base);
      if (after < log.row.height) missing.push({ log, after });
    }
    return missing;
  }

  /** Whether these entries follow on what the peer has, without a gap in any log. */
  isNext(entries: readonly ServedEntry[]): boolean {
    const expected = new Map<string, number>();
    return entries.every(({ device, channel, seq }) => {
      const name = logName(device, channel);
      const isNext = seq === (expected.get(name) ?? this.of(name) + 1);
      expected.set(name, seq + 1);
      return isNext;
    });
  }
}
