/** About how many bytes a stored value takes, so that a quota can be played. Not exact, but it grows as the value does. */

const SCALAR_BYTES = 8;

export function sizeOfValue(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (value instanceof Map) return sizeOfAll([...value].flat());
  if (value instanceof Set || Array.isArray(value)) return sizeOfAll([...value]);
  if (typeof value === "object" && value !== null) return sizeOfAll(Object.entries(value).flat());
  return SCALAR_BYTES;
}

function sizeOfAll(values: readonly unknown[]): number {
  return values.reduce((sum: number, value) => sum + sizeOfValue(value), 0);
}
