/** A text message's content in canonical CBOR (RFC 8949, 4.2): *Message content*. */
import { bytesOf, compare, join, number } from "./bytes.ts";

function head(major: number, value: number): Uint8Array {
  const type = major << 5;
  if (value < 24) return number(type | value, 1);
  if (value < 2 ** 8) return join(number(type | 24, 1), number(value, 1));
  if (value < 2 ** 16) return join(number(type | 25, 1), number(value, 2));
  if (value < 2 ** 32) return join(number(type | 26, 1), number(value, 4));
  return join(number(type | 27, 1), number(value, 8));
}

function item(value: string | number): Uint8Array {
  if (typeof value === "number") return head(0, value);
  const text = bytesOf(value);
  return join(head(3, text.length), text);
}

/** @param at milliseconds since 1970. @param rank of what left as a letter, 16 hex digits */
export function textContent(text: string, at: number, rank?: string): Uint8Array {
  const fields: readonly (readonly [string, string | number])[] = [
    ["type", "text"],
    ["version", 1],
    ["text", text],
    ["at", at],
    ...(rank === undefined ? [] : [["rank", rank] as const]),
  ];
  const rows = fields.map(([key, value]) => [item(key), item(value)] as const);
  const sorted = rows.toSorted(([one], [other]) => compare(one, other));
  return join(head(5, fields.length), ...sorted.flat());
}
