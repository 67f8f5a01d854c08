/**
 * The header of a log entry: one binary encoding only (PROTOCOL, Logs and entries). Parsing never depends on membership:
 * names are device ids. Bodies are separate, so that they can be dropped later.
 */
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { bytesToHex, hexToBytes } from "./bytes.ts";
import { DecodeError } from "./decode-error.ts";
import type { ConversationId, DeviceId, EntryId } from "./ids.ts";

const ENTRY_VERSION = 1;
export const CONTROL_CHANNEL = 0;
export const MESSAGE_CHANNEL = 1;
/** A device has few logs in a conversation: those of later versions are kept and passed on, within this. */
export const MAX_CHANNEL = 7;
export const MAX_DEPENDENCIES = 32;
export const MAX_BODY_BYTES = 14_336;
export const SIGNATURE_BYTES = 64;
const HASH_BYTES = 32;
/** Highest seq of a log and highest epoch or generation: they stay exact in 32 bits. */
export const MAX_SEQ = 0xffff_ffff;

/** Kinds of the control channel. Others are stored and forwarded unread. */
export const CONTROL_KIND = { genesis: 1, member: 2, device: 3, rekey: 4, kem: 5, prune: 6, resend: 7 } as const;
/** Kinds of the message channel. */
export const MESSAGE_KIND = { content: 1 } as const;

/** An entry seen by the author since their last one: the head of another log. */
export interface Dependency {
  readonly device: DeviceId;
  readonly channel: number;
  readonly seq: number;
  /** First 8 bytes of the entry id, as hex. */
  readonly idPrefix: string;
}

export interface EntryHeader {
  readonly suite: number;
  readonly conversation: ConversationId;
  readonly device: DeviceId;
  readonly channel: number;
  /** From 1, without gaps. */
  readonly seq: number;
  /** 64 zeros for the first entry. */
  readonly previous: EntryId;
  /** Hybrid clock: 48 bits of milliseconds since 1970, 16 bits of counter, as 16 hex digits. */
  readonly clock: string;
  /** Sorted by (device, channel), one per log. */
  readonly dependencies: readonly Dependency[];
  readonly kind: number;
  readonly epoch: number;
  readonly generation: number;
  readonly commitment: Uint8Array;
  readonly bodyLength: number;
  readonly bodyHash: Uint8Array;
}

export const NO_ENTRY = "0".repeat(64) as EntryId;

/** The first hybrid clock that is refused: the year 6429 leaves room for every rank above it. */
const CLOCK_LIMIT = 0x80;
const MAX_HEADER_BYTES = 2 + 32 + 16 + 1 + 4 + 32 + 8 + 1 + MAX_DEPENDENCIES * 29 + 1 + 8 + 32 + 2 + 32;

/** The header up to the content commitment: what is known before the body is sealed, and what binds the body to its place. */
export type HeaderPrefix = Omit<EntryHeader, "commitment" | "bodyLength" | "bodyHash">;

/** version 1 | suite 1 | conversation 32 | … | kind 1 | epoch 4 | generation 4 */
export function encodeHeaderPrefix(header: HeaderPrefix): Uint8Array {
  return writePrefix(header).finish();
}

export function encodeHeader(header: EntryHeader): Uint8Array {
  return writePrefix(header)
    .fixed(header.commitment, HASH_BYTES)
    .uint(header.bodyLength, 2)
    .fixed(header.bodyHash, HASH_BYTES)
    .finish();
}

function writePrefix(header: HeaderPrefix): ByteWriter {
  const writer = new ByteWriter()
    .uint(ENTRY_VERSION, 1)
    .uint(header.suite, 1)
    .fixed(hexToBytes(header.conversation, 32), 32)
    .fixed(hexToBytes(header.device, 16), 16)
    .uint(header.channel, 1)
    .uint(header.seq, 4)
    .fixed(hexToBytes(header.previous, 32), 32)
    .fixed(hexToBytes(header.clock, 8), 8)
    .uint(header.dependencies.length, 1);
  for (const dependency of header.dependencies) {
    writer
      .fixed(hexToBytes(dependency.device, 16), 16)
      .uint(dependency.channel, 1)
      .uint(dependency.seq, 4)
      .fixed(hexToBytes(dependency.idPrefix, 8), 8);
  }
  return writer.uint(header.kind, 1).uint(header.epoch, 4).uint(header.generation, 4);
}

/** @throws DecodeError for anything that `encodeHeader` would not have produced. */
export function decodeHeader(bytes: Uint8Array): EntryHeader {
  if (bytes.length > MAX_HEADER_BYTES) throw new DecodeError("header is too long");
  const reader = new ByteReader(bytes);
  if (reader.uint(1) !== ENTRY_VERSION) throw new DecodeError("unknown entry version");
  const suite = reader.uint(1);
  const conversation = bytesToHex(reader.fixed(32)) as ConversationId;
  const device = bytesToHex(reader.fixed(16)) as DeviceId;
  const channel = reader.uint(1, MAX_CHANNEL);
  const seq = reader.uint(4);
  if (seq === 0) throw new DecodeError("seq begins at 1");
  const previous = bytesToHex(reader.fixed(32)) as EntryId;
  if ((seq === 1) !== (previous === NO_ENTRY)) throw new DecodeError("only the first entry has no previous one");
  const clockBytes = reader.fixed(8);
  if ((clockBytes[0] ?? 0) >= CLOCK_LIMIT) throw new DecodeError("clock out of range");
  const dependencies = decodeDependencies(reader);
  const header: EntryHeader = {
    suite,
    conversation,
    device,
    channel,
    seq,
    previous,
    clock: bytesToHex(clockBytes),
    dependencies,
    kind: reader.uint(1),
    epoch: reader.uint(4),
    generation: reader.uint(4),
    commitment: reader.fixed(HASH_BYTES),
    bodyLength: reader.uint(2, MAX_BODY_BYTES),
    bodyHash: reader.fixed(HASH_BYTES),
  };
  reader.end();
  return header;
}

function decodeDependencies(reader: ByteReader): readonly Dependency[] {
  const dependencies: Dependency[] = [];
  const count = reader.uint(1, MAX_DEPENDENCIES);
  let last = "";
  for (let index = 0; index < count; index += 1) {
    const device = bytesToHex(reader.fixed(16)) as DeviceId;
    const channel = reader.uint(1, MAX_CHANNEL);
    const seq = reader.uint(4);
    if (seq === 0) throw new DecodeError("dependency on nothing");
    const sortKey = dependencyOrder(device, channel);
    if (sortKey <= last) throw new DecodeError("dependencies are not sorted");
    last = sortKey;
    dependencies.push({ device, channel, seq, idPrefix: bytesToHex(reader.fixed(8)) });
  }
  return dependencies;
}

/** Sort key of a dependency: device bytes, then channel. */
export function dependencyOrder(device: DeviceId, channel: number): string {
  return device + channel.toString(16).padStart(2, "0");
}
