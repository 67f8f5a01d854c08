/** The body of a `resend` entry (PROTOCOL, Resend): messages that its author could not open and asks the other members for. */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, hexToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import { CONTROL_CHANNEL, dependencyOrder, MAX_CHANNEL } from "../codec/entry.ts";
import type { DeviceId } from "../codec/ids.ts";

export const MAX_RESEND_RANGES = 64;
/** Of all ranges of one entry together. */
export const MAX_RESEND_MESSAGES = 10_000;

export interface ResendRange {
  readonly device: DeviceId;
  /** Not the control channel: nothing in it is sealed. */
  readonly channel: number;
  /** First and last seq, both included. */
  readonly from: number;
  readonly to: number;
}

/**
 * count 1 (1 to 64) | (device 16, channel 1, from 4, to 4)…, sorted by device, channel and from. Ranges of one log neither
 * overlap nor touch, so that equal wishes have equal bytes.
 * @throws DecodeError for ranges that `decodeResendBody` would refuse.
 */
export function encodeResendBody(ranges: readonly ResendRange[]): Uint8Array {
  const writer = new ByteWriter().uint(ranges.length, 1);
  for (const { device, channel, from, to } of ranges) {
    writer.fixed(hexToBytes(device, 16), 16).uint(channel, 1).uint(from, 4).uint(to, 4);
  }
  const body = writer.finish();
  decodeResendBody(body);
  return body;
}

/** @throws DecodeError for what is malformed, out of order or more than MAX_RESEND_MESSAGES. */
export function decodeResendBody(body: Uint8Array): readonly ResendRange[] {
  const reader = new ByteReader(body);
  const count = reader.uint(1, MAX_RESEND_RANGES);
  if (count === 0) throw new DecodeError("asks for nothing");
  const ranges: ResendRange[] = [];
  let messages = 0;
  for (let index = 0; index < count; index += 1) {
    const range: ResendRange = {
      device: bytesToHex(reader.fixed(16)) as DeviceId,
      channel: reader.uint(1, MAX_CHANNEL),
      from: reader.uint(4),
      to: reader.uint(4),
    };
    if (range.channel === CONTROL_CHANNEL) throw new DecodeError("nothing in a control log is sealed");
    if (range.from === 0 || range.to < range.from) throw new DecodeError("an empty range");
    const last = ranges.at(-1);
    if (last !== undefined && !isBehind(last, range)) throw new DecodeError("ranges are not sorted");
    messages += range.to - range.from + 1;
    ranges.push(range);
  }
  reader.end();
  if (messages > MAX_RESEND_MESSAGES) throw new DecodeError("asks for too much");
  return ranges;
}

function isBehind(last: ResendRange, next: ResendRange): boolean {
  const [lastLog, nextLog] = [dependencyOrder(last.device, last.channel), dependencyOrder(next.device, next.channel)];
  return nextLog > lastLog || (nextLog === lastLog && next.from > last.to + 1);
}
