/**
 * What counts as a picture of a group that may be shown (PROTOCOL, Membership): a plain WebP or JPEG of few pixels. Anybody may have
 * written the bytes: nothing else reaches a decoder of images, least of all what could run (SVG) or move.
 */
import { MAX_PICTURE_BYTES } from "../codec/limits.ts";

/** Either side. Few bytes can say to be of very many pixels. */
const MAX_SIDE_PX = 512;

export type PictureType = "image/webp" | "image/jpeg";

/** Undefined for what is not shown. */
export function pictureType(bytes: Uint8Array): PictureType | undefined {
  if (bytes.length > MAX_PICTURE_BYTES) return undefined;
  if (isSmall(webpSize(bytes))) return "image/webp";
  return isSmall(jpegSize(bytes)) ? "image/jpeg" : undefined;
}

type Size = readonly [width: number, height: number];

function isSmall(size: Size | undefined): boolean {
  return size !== undefined && size.every((side) => side > 0 && side <= MAX_SIDE_PX);
}

/** Of the simple formats alone (RFC 9649, 2.5 and 2.6): no animation, no metadata. */
function webpSize(bytes: Uint8Array): Size | undefined {
  const view = viewOf(bytes);
  if (bytes.length < 30 || asciiAt(bytes, 0) !== "RIFF" || asciiAt(bytes, 8) !== "WEBP") return undefined;
  const padded = view.getUint32(16, true) + (view.getUint32(16, true) % 2);
  if (view.getUint32(4, true) !== bytes.length - 8 || padded !== bytes.length - 20) return undefined;
  switch (asciiAt(bytes, 12)) {
    case "VP8 ":
      if (bytes[23] !== 0x9d || bytes[24] !== 0x01 || bytes[25] !== 0x2a) return undefined;
      return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
    case "VP8L": {
      const bits = view.getUint32(21, true);
      return bytes[20] === 0x2f ? [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1] : undefined;
    }
    default:
      return undefined;
  }
}

/** Its first frame header (ITU T.81, B.2.2), which must be of a baseline, extended or progressive image. */
function jpegSize(bytes: Uint8Array): Size | undefined {
  const view = viewOf(bytes);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8 || view.getUint16(bytes.length - 2) !== 0xffd9) return undefined;
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xc2) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    // Tables and application data come before it; anything else, the image data too, does not.
    const isSegment = marker === 0xdb || marker === 0xc4 || marker === 0xdd || (marker >= 0xe0 && marker <= 0xef);
    if (!isSegment) return undefined;
    at += 2 + Math.max(2, view.getUint16(at + 2));
  }
  return undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function asciiAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
