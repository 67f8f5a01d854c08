/** Entries that change who belongs to a group: whom they bring can be verified only once they were taken in. */
import { CONTROL_CHANNEL, CONTROL_KIND, decodeHeader } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { EntryParts } from "./entry.ts";

function isOfMembers({ header }: EntryParts): boolean {
  try {
    const { channel, kind } = decodeHeader(header);
    return channel === CONTROL_CHANNEL && kind === CONTROL_KIND.member;
  } catch (error) {
    // What is malformed is refused by whoever checks it.
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

/** Cuts a batch after each of them. */
export function cutAtMembers(batch: readonly EntryParts[]): readonly (readonly EntryParts[])[] {
  const pieces: EntryParts[][] = [[]];
  for (const parts of batch) {
    pieces.at(-1)?.push(parts);
    if (isOfMembers(parts)) pieces.push([]);
  }
  return pieces.filter((piece) => piece.length > 0);
}
