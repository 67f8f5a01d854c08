/** Which statements are held, by their numbers, and which are wanted (PROTOCOL, Statements). */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, hexToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { DeviceId } from "../codec/ids.ts";
import { FRAME } from "./frames.ts";

const DEVICE_BYTES = 16;
const NUMBER_BYTES = 6;
const HELD = 0;
const WANTED = 1;
/** One frame holds no more rows than this. */
const MAX_ROWS = 700;
const CONVERSATION_BYTES = 32;

export type StatementKind = "clock" | "read";

/** What a device states of one kind: each replaces the one before. */
export interface StatementNumber {
  readonly kind: StatementKind;
  readonly device: DeviceId;
  readonly number: number;
}

export interface StatementNumbers {
  readonly isWanted: boolean;
  readonly rows: readonly StatementNumber[];
}

export function statementName({ kind, device }: Pick<StatementNumber, "kind" | "device">): string {
  return `${kind} ${device}`;
}

/** Of a clock or read statement: each begins with conversation 32 | device 16 | number 6. @throws DecodeError */
export function numberOfStatement(type: number, bytes: Uint8Array): StatementNumber {
  const reader = new ByteReader(bytes);
  reader.fixed(CONVERSATION_BYTES);
  return { kind: type === FRAME.clock ? "clock" : "read", ...readRow(reader) };
}

/** Of as many frames as it takes: what 1 (0: held, 1: wanted, with the number held so far) | clock count 2 | (device 16, number 6)… | of reads likewise, to the end */
export function encodeStatementNumbers({ isWanted, rows }: StatementNumbers): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let from = 0; from < rows.length; from += MAX_ROWS) {
    const part = rows.slice(from, from + MAX_ROWS);
    const clocks = part.filter(({ kind }) => kind === "clock");
    const writer = new ByteWriter().uint(isWanted ? WANTED : HELD, 1).uint(clocks.length, 2);
    for (const { device, number } of [...clocks, ...part.filter(({ kind }) => kind === "read")])
      writer.fixed(hexToBytes(device, DEVICE_BYTES), DEVICE_BYTES).uint(number, NUMBER_BYTES);
    frames.push(writer.finish());
  }
  return frames;
}

/** @throws DecodeError */
export function decodeStatementNumbers(bytes: Uint8Array): StatementNumbers {
  const reader = new ByteReader(bytes);
  const isWanted = reader.uint(1, WANTED) === WANTED;
  const clockCount = reader.uint(2, MAX_ROWS);
  const rows: StatementNumber[] = [];
  while (rows.length < clockCount || reader.remaining > 0)
    rows.push({ kind: rows.length < clockCount ? "clock" : "read", ...readRow(reader) });
  if (rows.length === 0 || rows.length > MAX_ROWS) throw new DecodeError("no numbers, or too many");
  return { isWanted, rows };
}

function readRow(reader: ByteReader): Omit<StatementNumber, "kind"> {
  return { device: bytesToHex(reader.fixed(DEVICE_BYTES)) as DeviceId, number: reader.uint(NUMBER_BYTES) };
}
