/** Payloads of the frames that sync itself reads: greet, hello, have, want, entry. Decoders throw DecodeError and bound every count. */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, bytesToText, hexToBytes, textToBytes } from "../codec/bytes.ts";
import { MAX_BODY_BYTES, MAX_CHANNEL, SIGNATURE_BYTES } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { DeviceId, EntryId } from "../codec/ids.ts";
import type { EntryParts } from "../log/entry.ts";

const PEER_PROTOCOL_VERSION = 1;
/** Bits of the features. */
const TAKES_LEVEL = 1;
const TAKES_NUMBERS = 2;
const FOLDS_LISTS = 4;
const MAX_RELAYS = 2;
const MAX_RELAY_BYTES = 255;
const MAX_HEADER_BYTES = 1200;
/** One frame holds no more rows or ranges than this. */
export const MAX_HAVE_ROWS = 500;
/** Modes of have. */
const COMPLETE = 0;
const MORE_FOLLOWS = 1;

/** First frame of each side. `nonce` is fresh for each link. */
export interface Greet {
  readonly nonce: Uint8Array;
  /** Where this device can be reached now, best first. */
  readonly relays: readonly string[];
  /** Whether this device understands *level*. */
  readonly takesLevel?: boolean;
  /** Whether it understands *statement numbers* and *clock change*. */
  readonly takesNumbers?: boolean;
  /** Whether its hello of a group tells of device lists as well. */
  readonly foldsLists?: boolean;
}

/** Of this version. */
export const OWN_FEATURES = { takesLevel: true, takesNumbers: true, foldsLists: true } as const;

/** version 1 | nonce 32 | relay count 1 | (length 1, multiaddr)… | features 1, where there are any (bit 0: takes level, bit 1: takes numbers, bit 2: folds lists) */
export function encodeGreet(greet: Greet): Uint8Array {
  const writer = new ByteWriter().uint(PEER_PROTOCOL_VERSION, 1).fixed(greet.nonce, 32);
  const relays = greet.relays
    .slice(0, MAX_RELAYS)
    .map(textToBytes)
    .filter((relay) => relay.length <= MAX_RELAY_BYTES);
  writer.uint(relays.length, 1);
  for (const relay of relays) writer.sized(relay, 1);
  const features =
    (greet.takesLevel === true ? TAKES_LEVEL : 0) |
    (greet.takesNumbers === true ? TAKES_NUMBERS : 0) |
    (greet.foldsLists === true ? FOLDS_LISTS : 0);
  if (features !== 0) writer.uint(features, 1);
  return writer.finish();
}

/** Later versions may add fields at the end: they are ignored. */
export function decodeGreet(bytes: Uint8Array): Greet {
  const reader = new ByteReader(bytes);
  if (reader.uint(1) < PEER_PROTOCOL_VERSION) throw new DecodeError("unknown peer protocol");
  const nonce = reader.fixed(32);
  const count = reader.uint(1, MAX_RELAYS);
  const relays = Array.from({ length: count }, () => bytesToText(reader.sized(1, MAX_RELAY_BYTES)));
  const features = reader.remaining > 0 ? reader.uint(1) : 0;
  const has = (feature: number): boolean => (features & feature) !== 0;
  return {
    nonce,
    relays,
    takesLevel: has(TAKES_LEVEL),
    takesNumbers: has(TAKES_NUMBERS),
    foldsLists: has(FOLDS_LISTS),
  };
}

export interface Hello {
  readonly tag: Uint8Array;
  /** Of the logs, 32 bytes. */
  readonly digest: Uint8Array;
  /** Of the statements held, 8 bytes. */
  readonly statements: Uint8Array;
}

/** tag 32 | digest 32 | statements 8 */
export function encodeHello(hello: Hello): Uint8Array {
  return new ByteWriter().fixed(hello.tag, 32).fixed(hello.digest, 32).fixed(hello.statements, 8).finish();
}

export function decodeHello(bytes: Uint8Array): Hello {
  const reader = new ByteReader(bytes);
  const hello = { tag: reader.fixed(32), digest: reader.fixed(32), statements: reader.fixed(8) };
  reader.end();
  return hello;
}

export interface HaveRow {
  readonly device: DeviceId;
  readonly channel: number;
  readonly base: number;
  readonly height: number;
  /** First 4 bytes of the head's id, as hex. */
  readonly headPrefix: string;
}

/** Of as many frames as it takes, at least one. */
export function encodeHaves(rows: readonly HaveRow[]): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let from = 0; from === 0 || from < rows.length; from += MAX_HAVE_ROWS) {
    const hasMore = from + MAX_HAVE_ROWS < rows.length;
    frames.push(encodeHave(rows.slice(from, from + MAX_HAVE_ROWS), hasMore));
  }
  return frames;
}

/** mode 1 (0: complete, 1: more follows) | device count 2 | device 16 … | row count 2 | (index 2, channel 1, base 4, height 4, head prefix 4)… */
export function encodeHave(rows: readonly HaveRow[], hasMore = false): Uint8Array {
  const devices = [...new Set(rows.map((row) => row.device))].toSorted();
  const writer = new ByteWriter().uint(hasMore ? MORE_FOLLOWS : COMPLETE, 1).uint(devices.length, 2);
  for (const device of devices) writer.fixed(hexToBytes(device, 16), 16);
  writer.uint(rows.length, 2);
  for (const row of rows) {
    writer
      .uint(devices.indexOf(row.device), 2)
      .uint(row.channel, 1)
      .uint(row.base, 4)
      .uint(row.height, 4)
      .fixed(hexToBytes(row.headPrefix, 4), 4);
  }
  return writer.finish();
}

export function decodeHave(bytes: Uint8Array): { readonly rows: readonly HaveRow[]; readonly hasMore: boolean } {
  const reader = new ByteReader(bytes);
  const hasMore = reader.uint(1, MORE_FOLLOWS) === MORE_FOLLOWS;
  const devices = decodeDevices(reader);
  const rows: HaveRow[] = [];
  const count = reader.uint(2, MAX_HAVE_ROWS);
  for (let index = 0; index < count; index += 1) {
    const device = devices[reader.uint(2)];
    if (device === undefined) throw new DecodeError("have names a device that it does not list");
    const row = {
      device,
      channel: reader.uint(1, MAX_CHANNEL),
      base: reader.uint(4),
      height: reader.uint(4),
      headPrefix: bytesToHex(reader.fixed(4)),
    };
    if (row.base > row.height) throw new DecodeError("a log ends before it begins");
    rows.push(row);
  }
  reader.end();
  checkAllNamed(devices, rows);
  if (hasMore && rows.length < MAX_HAVE_ROWS) throw new DecodeError("a have in too many pieces");
  return { rows, hasMore };
}

/** Entries `from` to `to` of a log, both included. */
export interface WantRange {
  readonly device: DeviceId;
  readonly channel: number;
  readonly from: number;
  readonly to: number;
}

/** device count 2 | device 16 … | range count 2 | (index 2, channel 1, from 4, to 4)… */
export function encodeWant(ranges: readonly WantRange[]): Uint8Array {
  const devices = [...new Set(ranges.map((range) => range.device))].toSorted();
  const writer = new ByteWriter().uint(devices.length, 2);
  for (const device of devices) writer.fixed(hexToBytes(device, 16), 16);
  writer.uint(ranges.length, 2);
  for (const range of ranges) {
    writer.uint(devices.indexOf(range.device), 2).uint(range.channel, 1).uint(range.from, 4).uint(range.to, 4);
  }
  return writer.finish();
}

export function decodeWant(bytes: Uint8Array): readonly WantRange[] {
  const reader = new ByteReader(bytes);
  const devices = decodeDevices(reader);
  const ranges: WantRange[] = [];
  const count = reader.uint(2, MAX_HAVE_ROWS);
  for (let index = 0; index < count; index += 1) {
    const device = devices[reader.uint(2)];
    if (device === undefined) throw new DecodeError("want names a device that it does not list");
    const range = { device, channel: reader.uint(1, MAX_CHANNEL), from: reader.uint(4), to: reader.uint(4) };
    if (range.from === 0 || range.from > range.to) throw new DecodeError("empty range");
    ranges.push(range);
  }
  reader.end();
  checkAllNamed(devices, ranges);
  return ranges;
}

/** Sorted, each once. */
function decodeDevices(reader: ByteReader): readonly DeviceId[] {
  const count = reader.uint(2, MAX_HAVE_ROWS);
  const devices = Array.from({ length: count }, () => bytesToHex(reader.fixed(16)) as DeviceId);
  if (devices.some((device, index) => index > 0 && device <= (devices[index - 1] ?? ""))) {
    throw new DecodeError("devices are not sorted");
  }
  return devices;
}

function checkAllNamed(devices: readonly DeviceId[], rows: readonly { readonly device: DeviceId }[]): void {
  if (new Set(rows.map((row) => row.device)).size !== devices.length) throw new DecodeError("a device without a row");
}

export interface EntryFrame {
  /** The batch ends here: it is verified, stored and acknowledged as one. */
  readonly isLastOfBatch: boolean;
  readonly parts: EntryParts;
}

const LAST_OF_BATCH = 1;

/** flags 1 | header length 2 | header | signature 64 | body */
export function encodeEntryFrame(frame: EntryFrame): Uint8Array {
  const { header, signature, body } = frame.parts;
  return new ByteWriter()
    .uint(frame.isLastOfBatch ? LAST_OF_BATCH : 0, 1)
    .sized(header, 2)
    .fixed(signature, SIGNATURE_BYTES)
    .fixed(body, body.length)
    .finish();
}

export function decodeEntryFrame(bytes: Uint8Array): EntryFrame {
  const reader = new ByteReader(bytes);
  const flags = reader.uint(1, LAST_OF_BATCH);
  const header = reader.sized(2, MAX_HEADER_BYTES);
  const signature = reader.fixed(SIGNATURE_BYTES);
  if (reader.remaining > MAX_BODY_BYTES) throw new DecodeError("body is too long");
  return { isLastOfBatch: flags === LAST_OF_BATCH, parts: { header, signature, body: reader.fixed(reader.remaining) } };
}

/** Names the entry that an envelope belongs to. */
export interface EnvelopeFrame {
  readonly entry: EntryId;
  readonly envelope: Uint8Array;
}

export const ENVELOPE_BYTES = 1168;

/** entry id 32 | envelope 1168 */
export function encodeEnvelopeFrame({ entry, envelope }: EnvelopeFrame): Uint8Array {
  return new ByteWriter().fixed(hexToBytes(entry, 32), 32).fixed(envelope, ENVELOPE_BYTES).finish();
}

export function decodeEnvelopeFrame(bytes: Uint8Array): EnvelopeFrame {
  const reader = new ByteReader(bytes);
  const frame = { entry: bytesToHex(reader.fixed(32)) as EntryId, envelope: reader.fixed(ENVELOPE_BYTES) };
  reader.end();
  return frame;
}
