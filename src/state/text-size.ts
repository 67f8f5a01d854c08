/** Sizes of text as the protocol counts them: bytes of UTF-8. */

const encoder = new TextEncoder();
const MAX_BYTES_PER_UNIT = 3;

export function utf8Bytes(text: string): number {
  return encoder.encode(text).length;
}

/** Bytes left below `limit`, or undefined while there is plenty (so that short texts are never encoded on a key press). */
export function bytesLeft(text: string, limit: number, tellBelow: number): number | undefined {
  if (text.length * MAX_BYTES_PER_UNIT <= limit - tellBelow) return undefined;
  const left = limit - utf8Bytes(text);
  return left < tellBelow ? left : undefined;
}
