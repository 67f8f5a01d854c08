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
  const earlier = new Map(rowsOf(before).map((row) => [nameOf(row), row]));
  const changed = new Set<string>();
  let kept = 0;
  for (const row of rowsOf(after)) {
    const name = nameOf(row);
    const old = earlier.get(name);
    if (old !== undefined) kept += 1;
    if (old === undefined || compareBytes(old, row) !== 0) changed.add(name);
  }
  return kept === earlier.size ? changed : undefined;
}

/** What this clock says of these logs. */
export function clockChangeOf(clock: Uint8Array, base: number, logs: ReadonlySet<string>): ClockChange {
  const reader = new ByteReader(clock.subarray(CONVERSATION_BYTES, HEAD_BYTES));
  return {
    device: bytesToHex(reader.fixed(DEVICE_BYTES)) as DeviceId,
    number: reader.uint(NUMBER_BYTES),
    base,
    rows: rowsOf(clock).filter((row) => logs.has(nameOf(row))),
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
  const byName = new Map([...rowsOf(held), ...rows].map((row) => [nameOf(row), row]));
  const merged = [...byName.values()].toSorted(compareBytes);
  const count = new ByteWriter().uint(Math.min(merged.length, MAX_ROWS), COUNT_BYTES).finish();
  const head = new ByteWriter()
    .fixed(hexToBytes(device, DEVICE_BYTES), DEVICE_BYTES)
    .uint(number, NUMBER_BYTES)
    .finish();
  return concatBytes(held.subarray(0, CONVERSATION_BYTES), head, count, ...merged.slice(0, MAX_ROWS), signature);
}

function rowsOf(clock: Uint8Array): readonly Uint8Array[] {
  const rows = clock.subarray(HEAD_BYTES + COUNT_BYTES, -SIGNATURE_BYTES);
  return Array.from({ length: rows.length / ROW_BYTES }, (_, index) =>
    rows.subarray(index * ROW_BYTES, (index + 1) * ROW_BYTES),
  );
}

function nameOf(row: Uint8Array): string {
  return bytesToHex(row.subarray(0, NAME_BYTES));
}
