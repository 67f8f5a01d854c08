/** What somebody in between can make of bytes: one bit of a byte turned, cut short, made longer, moved. */
export interface Tampering {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Turns a bit of every `stride`th byte, and of the first and last one; cuts and extends at both ends. */
export function* tampered(bytes: Uint8Array, stride = 1): Generator<Tampering> {
  for (let at = 0; at < bytes.length; at += stride) yield flipped(bytes, at);
  if (bytes.length > 0) yield flipped(bytes, bytes.length - 1);
  for (const length of new Set([0, 1, bytes.length >> 1, bytes.length - 16, bytes.length - 1])) {
    if (length >= 0 && length < bytes.length) {
      yield { name: `cut to ${length} bytes`, bytes: bytes.slice(0, length) };
      yield { name: `without its first ${bytes.length - length} bytes`, bytes: bytes.slice(bytes.length - length) };
    }
  }
  for (const more of [[0], [0x80], Array<number>(16).fill(0)]) {
    yield { name: `${more.length} bytes longer`, bytes: Uint8Array.of(...bytes, ...more) };
    yield { name: `${more.length} bytes in front`, bytes: Uint8Array.of(...more, ...bytes) };
  }
}

function flipped(bytes: Uint8Array, at: number): Tampering {
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
  return { name: `byte ${at} changed`, bytes: changed };
}
