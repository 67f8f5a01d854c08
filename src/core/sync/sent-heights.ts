/** Up to where a peer has, or was sent, each log of a conversation. */
import { DecodeError } from "../codec/decode-error.ts";
import { logName, type LogState } from "../log/log-state.ts";
import type { Missing, ServedEntry } from "../log/serve.ts";
import type { Comparison } from "./compare.ts";
import type { WantRange } from "./payloads.ts";

export class SentHeights {
  readonly #heights = new Map<string, number>();
  #lowerings = 0;

  /** Changes whenever the peer asks again for what it was sent: a batch that was read before that would leave a gap. */
  get lowerings(): number {
    return this.#lowerings;
  }

  of(log: string): number {
    return this.#heights.get(log) ?? 0;
  }

  set(log: string, height: number): void {
    this.#heights.set(log, height);
  }

  raise(log: string, height: number): void {
    this.#heights.set(log, Math.max(this.of(log), height));
  }

  /** As a comparison found it: what forked is not sent. */
  begin(
    { peerHeights, forked }: Pick<Comparison, "peerHeights" | "forked">,
    logs: ReadonlyMap<string, LogState>,
  ): void {
    const heightOf = (name: string): number => logs.get(name)?.row.height ?? 0;
    for (const [name, height] of peerHeights) this.set(name, Math.min(height, heightOf(name)));
    for (const name of forked) this.set(name, heightOf(name));
  }

  /** The peer asks for these of the logs that it was told of, and has the rest. @throws DecodeError for what it was not told of. */
  noteWants(ranges: readonly WantRange[], told: ReadonlyMap<string, LogState>): void {
    for (const [name, log] of told) this.raise(name, log.row.height);
    for (const { device, channel, from, to } of ranges) {
      const name = logName(device, channel);
      if (to > (told.get(name)?.row.height ?? 0)) throw new DecodeError("want of what we do not have");
      this.set(name, from - 1);
    }
  }

  /** What was sent from there on could not be taken. */
  lower(ranges: readonly WantRange[]): void {
    this.#lowerings += 1;
    for (const { device, channel, from } of ranges) {
      const name = logName(device, channel);
      this.set(name, Math.min(this.of(name), from - 1));
    }
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
