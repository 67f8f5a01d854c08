import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesToHex, concatBytes } from "../../../../src/core/codec/bytes.ts";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import {
  decodeHeader,
  dependencyOrder,
  encodeHeader,
  type EntryHeader,
  MAX_BODY_BYTES,
  MAX_CHANNEL,
  MAX_DEPENDENCIES,
  MAX_SEQ,
  NO_ENTRY,
} from "../../../../src/core/codec/entry.ts";
import type { ConversationId, DeviceId, EntryId } from "../../../../src/core/codec/ids.ts";

const hex = (size: number) => fc.uint8Array({ minLength: size, maxLength: size }).map(bytesToHex);
const byte = fc.integer({ min: 0, max: 255 });
const channel = fc.integer({ min: 0, max: MAX_CHANNEL });
const word = fc.integer({ min: 0, max: MAX_SEQ });
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const dependency = fc.record({
  device: hex(16).map((id) => id as DeviceId),
  channel,
  seq: fc.integer({ min: 1, max: MAX_SEQ }),
  idPrefix: hex(8),
});
const dependencies = fc
  .uniqueArray(dependency, { maxLength: MAX_DEPENDENCIES, selector: (one) => dependencyOrder(one.device, one.channel) })
  .map((all) =>
    all.toSorted((a, b) => (dependencyOrder(a.device, a.channel) < dependencyOrder(b.device, b.channel) ? -1 : 1)),
  );
const header: fc.Arbitrary<EntryHeader> = fc
  .record({
    suite: byte,
    conversation: hex(32).map((id) => id as ConversationId),
    device: hex(16).map((id) => id as DeviceId),
    channel,
    seq: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: MAX_SEQ })),
    previous: hex(32).map((id) => id as EntryId),
    clock: hex(8).map((clock) => (Number.parseInt(clock[0] ?? "0", 16) % 8).toString(16) + clock.slice(1)),
    dependencies,
    kind: byte,
    epoch: word,
    generation: word,
    commitment: hash,
    bodyLength: fc.integer({ min: 0, max: MAX_BODY_BYTES }),
    bodyHash: hash,
  })
  .map((fields) => ({ ...fields, previous: fields.seq === 1 ? NO_ENTRY : fields.previous }));

function isRefusedOrCanonical(bytes: Uint8Array): boolean {
  let decoded: EntryHeader;
  try {
    decoded = decodeHeader(bytes);
  } catch (error) {
    return error instanceof DecodeError;
  }
  return bytesToHex(encodeHeader(decoded)) === bytesToHex(bytes);
}

test("every header comes back as it was", () => {
  fc.assert(
    fc.property(header, (value) => {
      expect(decodeHeader(encodeHeader(value))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test("a header cut anywhere, or with anything behind it, is refused", () => {
  fc.assert(
    fc.property(header, fc.uint8Array({ minLength: 1, maxLength: 40 }), (value, tail) => {
      const bytes = encodeHeader(value);
      for (let length = 0; length < bytes.length; length += 1) {
        expect(() => decodeHeader(bytes.subarray(0, length))).toThrow(DecodeError);
      }
      expect(() => decodeHeader(concatBytes(bytes, tail))).toThrow(DecodeError);
    }),
    { numRuns: 20 },
  );
});

test("a header with any byte changed is refused, or is the one encoding of another header", () => {
  fc.assert(
    fc.property(header, fc.nat(), byte, (value, at, replacement) => {
      const bytes = encodeHeader(value);
      bytes[at % bytes.length] = replacement;
      return isRefusedOrCanonical(bytes);
    }),
    { numRuns: 20_000 },
  );
});

test("arbitrary bytes are refused, or are the one encoding of a header", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => isRefusedOrCanonical(bytes)),
    { numRuns: 5_000 },
  );
});

test.each<[string, (sample: EntryHeader) => EntryHeader]>([
  ["a first entry that names a previous one", (one) => ({ ...one, seq: 1, previous: "11".repeat(32) as EntryId })],
  ["a later entry that names none", (one) => ({ ...one, seq: 2, previous: NO_ENTRY })],
  ["seq 0", (one) => ({ ...one, seq: 0, previous: NO_ENTRY })],
  ["a clock beyond the year 6429", (one) => ({ ...one, clock: "8000000000000000" })],
  ["a body longer than allowed", (one) => ({ ...one, bodyLength: MAX_BODY_BYTES + 1 })],
  ["a dependency twice", (one) => ({ ...one, dependencies: [sampleDependency, sampleDependency] })],
  ["a channel above the highest", (one) => ({ ...one, channel: MAX_CHANNEL + 1 })],
  [
    "a dependency on a channel above the highest",
    (one) => ({ ...one, dependencies: [{ ...sampleDependency, channel: MAX_CHANNEL + 1 }] }),
  ],
  ["a dependency on seq 0", (one) => ({ ...one, dependencies: [{ ...sampleDependency, seq: 0 }] })],
  [
    "dependencies out of order",
    (one) => ({ ...one, dependencies: [{ ...sampleDependency, channel: 2 }, sampleDependency] }),
  ],
  ["more than 32 dependencies", (one) => ({ ...one, dependencies: manyDependencies })],
])("refuses %s", (_what, spoil) => {
  const [sample] = fc.sample(header, { numRuns: 1, seed: 7 });
  if (sample === undefined) throw new Error("no sample");
  expect(() => decodeHeader(encodeHeader(spoil({ ...sample, dependencies: [] })))).toThrow(DecodeError);
});

const sampleDependency = { device: "00".repeat(16) as DeviceId, channel: 1, seq: 4, idPrefix: "ab".repeat(8) };
const manyDependencies = Array.from({ length: 33 }, (_, index) => ({
  ...sampleDependency,
  device: index.toString(16).padStart(32, "0") as DeviceId,
}));
