/** WebP as browsers write it, without all that is not the image itself: colour profiles and metadata (RFC 9649, 2.5 to 2.7). */

const CONTAINER_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;
const IMAGE_CHUNKS: ReadonlySet<string> = new Set(["VP8 ", "VP8L"]);

/** The same image in the simple format; undefined where there is none. */
export function plainWebp(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = CONTAINER_BYTES; at + CHUNK_HEAD_BYTES <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    const end = at + CHUNK_HEAD_BYTES + size + (size % 2);
    if (end > bytes.length) return undefined;
    if (IMAGE_CHUNKS.has(String.fromCharCode(...bytes.subarray(at, at + 4)))) return contained(bytes.subarray(at, end));
    at = end;
  }
  return undefined;
}

function contained(chunk: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(CONTAINER_BYTES + chunk.length);
  bytes.set(new TextEncoder().encode("RIFF____WEBP"));
  new DataView(bytes.buffer).setUint32(4, bytes.length - 8, true);
  bytes.set(chunk, CONTAINER_BYTES);
  return bytes;
}
