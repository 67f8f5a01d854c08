/**
 * Signed replaceable statements of a device about a conversation (PROTOCOL, Clocks): what it has and could open, and what its
 * owner has read. The highest number of a device is its newest.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, compareBytes, concatBytes, hexToBytes, textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import { CONTROL_CHANNEL, MAX_CHANNEL } from "../codec/entry.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import type { Suite } from "../crypto/suite.ts";
import { logName, type LogState } from "../log/log-state.ts";
import type { LogMark } from "../store/tables.ts";

const CLOCK_DOMAIN = "kith/clock/1";
const READ_DOMAIN = "kith/read/1";
/** A clock of this many logs still fits one frame. */
const MAX_MARKS = 500;

const STATEMENTS_DIGEST_BYTES = 8;
const CONVERSATION_BYTES = 32;
/** With device and number. */
const HEAD_BYTES = 54;
const SIGNATURE_END_BYTES = 8;

/** `type` is that of its frame. */
export interface TypedStatement {
  readonly type: number;
  readonly bytes: Uint8Array;
}

export interface StatementHead {
  readonly conversation: ConversationId;
  readonly device: DeviceId;
  readonly number: number;
}

export interface ClockStatement extends StatementHead {
  readonly marks: readonly LogMark[];
}

export interface ReadMark {
  readonly device: DeviceId;
  /** Everything up to this seq of the device's message log was read. */
  readonly seq: number;
}

export interface ReadStatement extends StatementHead {
  readonly marks: readonly ReadMark[];
}

/** A rekey whose envelope is still to come is stated as not opened, so that the envelope is kept. */
export function marksOf(
  logs: ReadonlyMap<string, LogState>,
  awaited: readonly { readonly device: DeviceId; readonly seq: number }[] = [],
): readonly LogMark[] {
  const firstAwaited = (device: DeviceId): number =>
    Math.min(...awaited.filter((place) => place.device === device).map(({ seq }) => seq));
  return [...logs]
    .filter(([, log]) => log.row.height > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { device, channel, row }]) => ({
      device,
      channel,
      height: row.height,
      headPrefix: row.head.slice(0, 8),
      opened: channel === CONTROL_CHANNEL ? Math.min(row.opened, firstAwaited(device) - 1) : row.opened,
    }));
}

/**
 * As many as a clock has room for: of messages first, which is what *delivered* rests on, then of the logs whose heads are newest. Sorted as
 * they were.
 */
export function tellingMarks(marks: readonly LogMark[], logs: ReadonlyMap<string, LogState>): readonly LogMark[] {
  if (marks.length <= MAX_MARKS) return marks;
  const headOf = ({ device, channel }: LogMark): string => logs.get(logName(device, channel))?.row.headClock ?? "";
  const isAhead = (a: LogMark, b: LogMark): number => b.channel - a.channel || (headOf(a) < headOf(b) ? 1 : -1);
  const chosen = new Set(marks.toSorted(isAhead).slice(0, MAX_MARKS));
  return marks.filter((mark) => chosen.has(mark));
}

/** conversation 32 | device 16 | number 6 | count 2 | (device 16, channel 1, height 4, head prefix 4, opened 4)… | signature 64 */
export function encodeClock(suite: Suite, logSeed: Uint8Array, clock: ClockStatement): Uint8Array {
  const writer = statementHead(clock).uint(clock.marks.length, 2);
  for (const mark of clock.marks) {
    writer
      .fixed(hexToBytes(mark.device, 16), 16)
      .uint(mark.channel, 1)
      .uint(mark.height, 4)
      .fixed(hexToBytes(mark.headPrefix, 4), 4)
      .uint(mark.opened, 4);
  }
  return signed(suite, logSeed, CLOCK_DOMAIN, writer);
}

export function decodeClock(bytes: Uint8Array): ClockStatement {
  const reader = new ByteReader(bytes);
  const head = readHead(reader);
  const count = reader.uint(2, MAX_MARKS);
  const marks: LogMark[] = [];
  let last = "";
  for (let index = 0; index < count; index += 1) {
    const device = bytesToHex(reader.fixed(16)) as DeviceId;
    const channel = reader.uint(1, MAX_CHANNEL);
    last = ascending(last, logName(device, channel));
    const height = reader.uint(4);
    const headPrefix = bytesToHex(reader.fixed(4));
    marks.push({ device, channel, height, headPrefix, opened: reader.uint(4, height) });
  }
  reader.fixed(64);
  reader.end();
  return { ...head, marks };
}

/** As it was before it was sealed: conversation 32 | device 16 | number 6 | marks | signature 64. Taken in, and made no more. */
export function decodeRead(bytes: Uint8Array): ReadStatement {
  const reader = new ByteReader(bytes);
  const head = readHead(reader);
  const marks = decodeReadMarks(reader);
  reader.fixed(64);
  reader.end();
  return { ...head, marks };
}

/** count 2 | (device 16, seq 4)… */
export function encodeReadMarks(writer: ByteWriter, marks: readonly ReadMark[]): ByteWriter {
  writer.uint(marks.length, 2);
  const sorted = marks.toSorted((a, b) => (a.device < b.device ? -1 : 1));
  for (const mark of sorted) writer.fixed(hexToBytes(mark.device, 16), 16).uint(mark.seq, 4);
  return writer;
}

export function decodeReadMarks(reader: ByteReader): readonly ReadMark[] {
  const count = reader.uint(2, MAX_MARKS);
  const marks: ReadMark[] = [];
  let last = "";
  for (let index = 0; index < count; index += 1) {
    const device = bytesToHex(reader.fixed(16)) as DeviceId;
    last = ascending(last, device);
    marks.push({ device, seq: reader.uint(4) });
  }
  return marks;
}

export function verifyClock(suite: Suite, logKey: Uint8Array, bytes: Uint8Array): boolean {
  return suite.verify(logKey, CLOCK_DOMAIN, bytes.subarray(0, -64), bytes.subarray(-64));
}

export function verifyRead(suite: Suite, logKey: Uint8Array, bytes: Uint8Array): boolean {
  return suite.verify(logKey, READ_DOMAIN, bytes.subarray(0, -64), bytes.subarray(-64));
}

/** Equal where the same statements are held: the first 8 bytes of SHA-256 over sorted lines of their type and bytes. */
export function digestStatements(suite: Suite, statements: readonly TypedStatement[]): Uint8Array {
  const lines = statements.map(({ type, bytes }) => `${type}:${bytesToHex(bytes)}\n`).toSorted();
  return suite.hash(textToBytes(lines.join(""))).subarray(0, STATEMENTS_DIGEST_BYTES);
}

/**
 * Likewise of a group, without reading all that they say: the first 8 bytes of SHA-256 over the sorted rows type 1 | device 16 | number 6 | last 8
 * bytes of the signature.
 */
export function digestNumbers(suite: Suite, statements: readonly TypedStatement[]): Uint8Array {
  const rows = statements.map(({ type, bytes }) =>
    concatBytes(
      Uint8Array.of(type),
      bytes.subarray(CONVERSATION_BYTES, HEAD_BYTES),
      bytes.subarray(-SIGNATURE_END_BYTES),
    ),
  );
  return suite.hash(concatBytes(...rows.toSorted(compareBytes))).subarray(0, STATEMENTS_DIGEST_BYTES);
}

/** That of statements and that of device lists in one, as a hello of a group has it: 8 bytes each. */
export function foldedDigest(suite: Suite, statements: Uint8Array, lists: Uint8Array): Uint8Array {
  return suite.hash(concatBytes(statements, lists)).subarray(0, STATEMENTS_DIGEST_BYTES);
}

export function statementHead(head: StatementHead): ByteWriter {
  return new ByteWriter()
    .fixed(hexToBytes(head.conversation, 32), 32)
    .fixed(hexToBytes(head.device, 16), 16)
    .uint(head.number, 6);
}

export function readHead(reader: ByteReader): StatementHead {
  return {
    conversation: bytesToHex(reader.fixed(32)) as ConversationId,
    device: bytesToHex(reader.fixed(16)) as DeviceId,
    number: reader.uint(6),
  };
}

export function signed(suite: Suite, logSeed: Uint8Array, domain: string, writer: ByteWriter): Uint8Array {
  const signature = suite.sign(logSeed, domain, writer.finish());
  return writer.fixed(signature, 64).finish();
}

function ascending(last: string, next: string): string {
  if (next <= last) throw new DecodeError("marks are not sorted");
  return next;
}
