/**
 * A clock as what has changed in it since an earlier one (PROTOCOL, Statements): a clock names every log of a conversation, and a message
 * changes one. The signature is that of the whole clock, which whoever holds the earlier one puts together.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, compareBytes, concatBytes, hexToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { DeviceId } from "../codec/ids.ts";

/** conversation 32 | device 16 | number 6 */
const HEAD_BYTES = 54;
const CONVERSATION_BYTES = 32;
const DEVICE_BYTES = 16;
const NUMBER_BYTES = 6;
const COUNT_BYTES = 2;
/** device 16 | channel 1 | height 4 | head prefix 4 | opened 4 */
const ROW_BYTES = 29;
const NAME_BYTES = 17;
const SIGNATURE_BYTES = 64;
const MAX_ROWS = 500;
const FIRST_ROW = HEAD_BYTES + COUNT_BYTES;

export interface ClockChange {
  readonly device: DeviceId;
  readonly number: number;
  /** Of the earlier clock; a later one that is older than this does as well. */
  readonly base: number;
  readonly rows: readonly Uint8Array[];
  readonly signature: Uint8Array;
}

/** Names of the logs of which two clocks of one device say different things; undefined if the later one leaves any out. */
export function changedLogs(before: Uint8Array, after: Uint8Array): ReadonlySet<string> | undefined {
  const changed = new Set<string>();
  const [ends, earlierEnds] = [endOfRows(after), endOfRows(before)];
  let earlier = FIRST_ROW;
  // Rows are sorted, and almost all are equal: no names are made of those.
  for (let at = FIRST_ROW; at < ends; at += ROW_BYTES) {
    const order = earlier < earlierEnds ? compareRows(before, earlier, after, at, NAME_BYTES) : 1;
    if (order < 0) return undefined;
    if (order > 0 || compareRows(before, earlier, after, at, ROW_BYTES) !== 0) changed.add(nameOf(after, at));
    if (order === 0) earlier += ROW_BYTES;
  }
  return earlier === earlierEnds ? changed : undefined;
}

/** What this clock says of these logs. */
export function clockChangeOf(clock: Uint8Array, base: number, logs: ReadonlySet<string>): ClockChange {
  const reader = new ByteReader(clock.subarray(CONVERSATION_BYTES, HEAD_BYTES));
  return {
    device: bytesToHex(reader.fixed(DEVICE_BYTES)) as DeviceId,
    number: reader.uint(NUMBER_BYTES),
    base,
    rows: rowsAt(clock)
      .filter((at) => logs.has(nameOf(clock, at)))
      .map((at) => clock.subarray(at, at + ROW_BYTES)),
    signature: clock.subarray(-SIGNATURE_BYTES),
  };
}

/** device 16 | number 6 | base 6 | count 2 (≤ 500) | (device 16, channel 1, height 4, head prefix 4, opened 4)… | signature 64 */
export function encodeClockChange({ device, number, base, rows, signature }: ClockChange): Uint8Array {
  const writer = new ByteWriter()
    .fixed(hexToBytes(device, DEVICE_BYTES), DEVICE_BYTES)
    .uint(number, NUMBER_BYTES)
    .uint(base, NUMBER_BYTES)
    .uint(rows.length, COUNT_BYTES);
  for (const row of rows) writer.fixed(row, ROW_BYTES);
  return writer.fixed(signature, SIGNATURE_BYTES).finish();
}

/** What stands in the rows is found out with the signature. @throws DecodeError */
export function decodeClockChange(bytes: Uint8Array): ClockChange {
  const reader = new ByteReader(bytes);
  const device = bytesToHex(reader.fixed(DEVICE_BYTES)) as DeviceId;
  const number = reader.uint(NUMBER_BYTES);
  const base = reader.uint(NUMBER_BYTES);
  if (base >= number) throw new DecodeError("a clock that changed into an older one");
  const rows = Array.from({ length: reader.uint(COUNT_BYTES, MAX_ROWS) }, () => reader.fixed(ROW_BYTES));
  const signature = reader.fixed(SIGNATURE_BYTES);
  reader.end();
  return { device, number, base, rows, signature };
}

/** The whole clock, as its author would have signed it if nothing else changed since the held one. */
export function changedClock(held: Uint8Array, { device, number, rows, signature }: ClockChange): Uint8Array {
  const merged = mergedRows(held, rows);
  const count = Math.min(merged.length, MAX_ROWS);
  const head = new ByteWriter()
    .fixed(hexToBytes(device, DEVICE_BYTES), DEVICE_BYTES)
    .uint(number, NUMBER_BYTES)
    .uint(count, COUNT_BYTES)
    .finish();
  return concatBytes(held.subarray(0, CONVERSATION_BYTES), head, ...merged.slice(0, MAX_ROWS), signature);
}

/** Those of the clock, with the given ones in their places; of several with one name the last. */
function mergedRows(held: Uint8Array, rows: readonly Uint8Array[]): readonly Uint8Array[] {
  const byName = new Map(rows.map((row) => [nameOf(row, 0), row]));
  const added = [...byName.values()].toSorted(compareBytes);
  const merged: Uint8Array[] = [];
  let next = 0;
  for (const at of rowsAt(held)) {
    let row = added[next];
    while (row !== undefined && compareRows(row, 0, held, at, NAME_BYTES) < 0) {
      merged.push(row);
      row = added[(next += 1)];
    }
    if (row === undefined || compareRows(row, 0, held, at, NAME_BYTES) > 0)
      merged.push(held.subarray(at, at + ROW_BYTES));
  }
  return [...merged, ...added.slice(next)];
}

/** Where each row of a clock begins. */
function rowsAt(clock: Uint8Array): readonly number[] {
  return Array.from(
    { length: (endOfRows(clock) - FIRST_ROW) / ROW_BYTES },
    (_, index) => FIRST_ROW + index * ROW_BYTES,
  );
}

function endOfRows(clock: Uint8Array): number {
  return clock.length - SIGNATURE_BYTES;
}

/** By their first bytes, of which the name comes first. */
function compareRows(a: Uint8Array, atA: number, b: Uint8Array, atB: number, length: number): number {
  for (let index = 0; index < length; index += 1) {
    const difference = (a[atA + index] ?? 0) - (b[atB + index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function nameOf(bytes: Uint8Array, at: number): string {
  return bytesToHex(bytes.subarray(at, at + NAME_BYTES));
}
