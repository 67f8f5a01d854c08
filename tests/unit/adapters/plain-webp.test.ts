import { expect, test } from "vitest";
import { plainWebp } from "../../../src/adapters/media/plain-webp.ts";
import { pictureType } from "../../../src/core/membership/picture.ts";
import { webpBytes } from "../../support/pictures.ts";

function chunk(name: string, size: number, content: Uint8Array = new Uint8Array(size)): Uint8Array {
  const bytes = new Uint8Array(8 + size + (size % 2));
  bytes.set(new TextEncoder().encode(name));
  new DataView(bytes.buffer).setUint32(4, size, true);
  bytes.set(content, 8);
  return bytes;
}

function container(...chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = Uint8Array.from([...new TextEncoder().encode("RIFF____WEBP"), ...chunks.flatMap((part) => [...part])]);
  new DataView(bytes.buffer).setUint32(4, bytes.length - 8, true);
  return bytes;
}

test("a picture with a colour profile and metadata keeps the image alone", () => {
  const plain = webpBytes("VP8 ", 96, 96);
  const image = plain.subarray(12);
  const written = container(chunk("VP8X", 10), chunk("ICCP", 7), image, chunk("EXIF", 20));
  expect(pictureType(written)).toBeUndefined();
  expect(plainWebp(written)).toEqual(plain);
  expect(plainWebp(plain)).toEqual(plain);
  expect(pictureType(plainWebp(written) ?? written)).toBe("image/webp");
});

test("what has no image, or is cut short, is none", () => {
  expect(plainWebp(container(chunk("VP8X", 10)))).toBeUndefined();
  expect(plainWebp(webpBytes("VP8L", 9, 9).subarray(0, 30))).toBeUndefined();
  expect(plainWebp(new Uint8Array(0))).toBeUndefined();
});
