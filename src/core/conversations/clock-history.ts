/** What changed in the newest clocks of each device, so that those who hold an earlier one can be told no more than that. */
import type { ClockRow } from "../store/tables.ts";
import { changedLogs, clockChangeOf, encodeClockChange } from "./clock-changes.ts";

/** Clocks of one device that are remembered: who lags further behind gets the whole. */
const KEPT_CHANGES = 16;

interface Step {
  readonly from: number;
  readonly logs: ReadonlySet<string>;
}

export class ClockHistory {
  /** Oldest first, each from where the one before ended. */
  readonly #steps = new Map<string, readonly Step[]>();

  /** A clock replaces another of the same device. */
  note(device: string, before: ClockRow, after: ClockRow): void {
    const logs = after.number > before.number ? changedLogs(before.bytes, after.bytes) : undefined;
    if (logs === undefined) this.#steps.delete(device);
    else
      this.#steps.set(device, [...(this.#steps.get(device) ?? []), { from: before.number, logs }].slice(-KEPT_CHANGES));
  }

  /** What is new in this clock for who holds the one of that number, as a clock change; undefined where that is not known, or hardly less. */
  since(device: string, newest: ClockRow, number: number): Uint8Array | undefined {
    const steps = this.#steps.get(device) ?? [];
    const first = steps.findLastIndex(({ from }) => from <= number);
    if (number === 0 || number >= newest.number || first === -1) return undefined;
    const logs = new Set(steps.slice(first).flatMap((step) => [...step.logs]));
    const change = encodeClockChange(clockChangeOf(newest.bytes, number, logs));
    return change.length < newest.bytes.length ? change : undefined;
  }

  forget(device: string): void {
    this.#steps.delete(device);
  }
}
