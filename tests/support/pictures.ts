/** Headers of pictures, as far as anybody looks at them before a browser decodes the rest. */

/** A RIFF container around one chunk. */
export function webpBytes(chunk: "VP8 " | "VP8L" | "VP8X", width: number, height: number): Uint8Array {
  const content = new Uint8Array(20);
  const view = new DataView(content.buffer);
  if (chunk === "VP8L") {
    content[0] = 0x2f;
    view.setUint32(1, ((width - 1) | ((height - 1) << 14)) >>> 0, true);
  } else {
    content.set([0x30, 0x01, 0x00, 0x9d, 0x01, 0x2a]);
    view.setUint16(6, width, true);
    view.setUint16(8, height, true);
  }
  const bytes = new Uint8Array(20 + content.length);
  const head = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("RIFF____WEBP"));
  bytes.set(new TextEncoder().encode(chunk), 12);
  head.setUint32(4, bytes.length - 8, true);
  head.setUint32(16, content.length, true);
  bytes.set(content, 20);
  return bytes;
}

/** Application data, a baseline frame header, and the end. */
export function jpegBytes(width: number, height: number): Uint8Array {
  const application = [0xff, 0xe0, 0, 16, ...new TextEncoder().encode("JFIF"), 0, 1, 1, 0, 0, 1, 0, 1, 0, 0];
  const frame = [0xff, 0xc0, 0, 11, 8, height >> 8, height & 0xff, width >> 8, width & 0xff, 1, 1, 0x11, 0];
  return Uint8Array.of(0xff, 0xd8, ...application, ...frame, 0xff, 0xd9);
}
