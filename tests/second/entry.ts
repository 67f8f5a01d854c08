/** Entry headers, ids and signatures, and genesis content: *Logs and entries*. */
import { join, number, Reader } from "./bytes.ts";
import { isSigned, sha256, signed } from "./primitives.ts";

export type SecondDependency = {
  readonly device: Uint8Array;
  readonly channel: number;
  readonly seq: number;
  readonly prefix: Uint8Array;
};

export type SecondHeader = {
  readonly conversation: Uint8Array;
  readonly device: Uint8Array;
  readonly channel: number;
  readonly seq: number;
  readonly previous: Uint8Array;
  /** The hybrid clock: 48 bits of milliseconds, 16 bits of counter. */
  readonly clock: bigint;
  readonly dependencies: readonly SecondDependency[];
  readonly kind: number;
  readonly epoch: number;
  readonly generation: number;
  readonly commitment: Uint8Array;
  readonly bodyLength: number;
  readonly bodyHash: Uint8Array;
};

/** The header from its start up to, and without, the content commitment: a message body's aad. */
export function headerStart(header: Omit<SecondHeader, "commitment" | "bodyLength" | "bodyHash">): Uint8Array {
  const { conversation, device, channel, seq, previous, clock, dependencies, kind, epoch, generation } = header;
  return join(
    number(1, 1),
    number(1, 1),
    conversation,
    device,
    number(channel, 1),
    number(seq, 4),
    previous,
    number(clock, 8),
    number(dependencies.length, 1),
    ...dependencies.map((row) => join(row.device, number(row.channel, 1), number(row.seq, 4), row.prefix)),
    number(kind, 1),
    number(epoch, 4),
    number(generation, 4),
  );
}

export function headerBytes(header: SecondHeader): Uint8Array {
  return join(headerStart(header), header.commitment, number(header.bodyLength, 2), header.bodyHash);
}

export function readHeader(bytes: Uint8Array): SecondHeader {
  const reader = new Reader(bytes);
  if (reader.number(1) !== 1 || reader.number(1) !== 1) throw new Error("another version or suite");
  const header = {
    conversation: reader.take(32),
    device: reader.take(16),
    channel: reader.number(1),
    seq: reader.number(4),
    previous: reader.take(32),
    clock: reader.wide(8),
    dependencies: reader.times(reader.number(1), () => ({
      device: reader.take(16),
      channel: reader.number(1),
      seq: reader.number(4),
      prefix: reader.take(8),
    })),
    kind: reader.number(1),
    epoch: reader.number(4),
    generation: reader.number(4),
    commitment: reader.take(32),
    bodyLength: reader.number(2),
    bodyHash: reader.take(32),
  };
  reader.end();
  return header;
}

const ENTRY_DOMAIN = "kith/entry/1";

export const entrySignature = (logSeed: Uint8Array, header: Uint8Array): Uint8Array =>
  signed(logSeed, ENTRY_DOMAIN, header);
export const isEntrySigned = (logKey: Uint8Array, header: Uint8Array, signature: Uint8Array): boolean =>
  isSigned(logKey, ENTRY_DOMAIN, header, signature);
export const entryId = (header: Uint8Array, signature: Uint8Array): Uint8Array => sha256(header, signature);

export function genesisBytes(nonce: Uint8Array, founder: Uint8Array, other: Uint8Array): Uint8Array {
  return join(number(1, 1), number(1, 1), nonce, founder, other);
}

export const conversationId = (genesis: Uint8Array): Uint8Array => sha256("kith/conversation/1", genesis);
