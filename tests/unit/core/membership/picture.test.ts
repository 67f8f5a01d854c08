import { describe, expect, test } from "vitest";
import { pictureType } from "../../../../src/core/membership/picture.ts";
import { jpegBytes, webpBytes } from "../../../support/pictures.ts";

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

describe("shown as a picture", () => {
  test.each([
    ["a WebP with losses", webpBytes("VP8 ", 96, 96), "image/webp"],
    ["a WebP without losses", webpBytes("VP8L", 512, 1), "image/webp"],
    ["a JPEG", jpegBytes(192, 192), "image/jpeg"],
  ])("%s", (_, bytes, type) => {
    expect(pictureType(bytes)).toBe(type);
  });
});

describe("not shown", () => {
  test.each([
    ["nothing", new Uint8Array(0)],
    ["an SVG", text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")],
    ["a page", text("<!doctype html><script>alert(1)</script>")],
    ["a PNG", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13)],
    ["a GIF", text("GIF89a____________________________")],
    ["a WebP that may move", webpBytes("VP8X", 96, 96)],
    ["a WebP of very many pixels", webpBytes("VP8 ", 16_383, 16_383)],
    ["a WebP without losses of very many pixels", webpBytes("VP8L", 16_384, 16_384)],
    ["a WebP without pixels", webpBytes("VP8 ", 0, 96)],
    ["a WebP with more behind it", joined(webpBytes("VP8 ", 96, 96), text("<script>"))],
    ["a WebP cut short", webpBytes("VP8 ", 96, 96).subarray(0, 29)],
    ["a JPEG of very many pixels", jpegBytes(60_000, 60_000)],
    ["a JPEG with more behind it", joined(jpegBytes(96, 96), text("<script>"))],
    ["a JPEG of nothing but tables", joined(jpegBytes(96, 96).subarray(0, 20), Uint8Array.of(0xff, 0xd9))],
    [
      "a picture that is too large",
      joined(jpegBytes(96, 96).subarray(0, -2), new Uint8Array(8_192), Uint8Array.of(0xff, 0xd9)),
    ],
  ])("%s", (_, bytes) => {
    expect(pictureType(bytes)).toBeUndefined();
  });

  test("a picture whose first bytes were changed", () => {
    for (const bytes of [webpBytes("VP8 ", 96, 96), jpegBytes(96, 96)]) {
      for (const at of [0, 1]) expect(pictureType(bytes.with(at, (bytes[at] ?? 0) ^ 1))).toBeUndefined();
    }
  });
});
