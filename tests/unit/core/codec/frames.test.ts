import fc from "fast-check";
import { expect, test } from "vitest";
import { concatBytes } from "../../../../src/core/codec/bytes.ts";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import { encodeFrame, type Frame, FrameDecoder, MAX_PAYLOAD_BYTES } from "../../../../src/core/sync/frames.ts";

const frame = fc.record({
  type: fc.integer({ min: 0, max: 255 }),
  session: fc.integer({ min: 0, max: 0xffff_ffff }),
  payload: fc.uint8Array({ maxLength: 200 }),
});

test("frames come out whole and in order, whatever the pieces of the stream are", () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 20 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 90 })),
      (frames, cuts) => {
        const stream = concatBytes(...frames.map(encodeFrame));
        const decoder = new FrameDecoder();
        const out: Frame[] = [];
        for (let offset = 0; offset < stream.length;) {
          const length = cuts.next().value;
          out.push(...decoder.push(stream.slice(offset, offset + length)));
          offset += length;
        }
        expect(out).toEqual(frames);
      },
    ),
  );
});

test("the largest frame passes, a longer one is refused at its header", () => {
  const largest = { type: 9, session: 3, payload: new Uint8Array(MAX_PAYLOAD_BYTES) };
  expect(new FrameDecoder().push(encodeFrame(largest))).toEqual([largest]);
  expect(() => encodeFrame({ ...largest, payload: new Uint8Array(MAX_PAYLOAD_BYTES + 1) })).toThrow(RangeError);
  const header = encodeFrame(largest).slice(0, 7);
  new DataView(header.buffer).setUint16(5, MAX_PAYLOAD_BYTES + 1);
  expect(() => new FrameDecoder().push(header)).toThrow(DecodeError);
});

test("a frame holds on to no bytes of the stream", () => {
  const stream = encodeFrame({ type: 1, session: 0, payload: Uint8Array.of(1, 2) });
  const [decoded] = new FrameDecoder().push(stream);
  stream.fill(0);
  expect(decoded?.payload).toEqual(Uint8Array.of(1, 2));
});
