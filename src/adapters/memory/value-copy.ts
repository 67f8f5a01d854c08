/** A copy as a database makes one. Rows are plain objects of text, numbers and bytes: those are copied by hand, much faster than anything else. */

/** @throws DOMException for what cannot be stored, such as a function. */
export function copyOfValue(value: unknown): unknown {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === undefined)
    return value;
  if (value instanceof Uint8Array && value.constructor === Uint8Array) return value.slice();
  if (Array.isArray(value)) return value.map(copyOfValue);
  if (isPlain(value)) {
    // Spreading keeps the shape, and most members are text and numbers.
    const copy: Record<string, unknown> = { ...value };
    for (const key in copy) {
      const member = copy[key];
      if (typeof member !== "string" && typeof member !== "number") copy[key] = copyOfValue(member);
    }
    return copy;
  }
  return structuredClone(value);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
