/** Entries that change who belongs to a group: whom they bring can be verified only once they were taken in. */
import { CONTROL_CHANNEL, CONTROL_KIND, decodeHeader } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { DeviceId } from "../codec/ids.ts";
import type { EntryParts } from "./entry.ts";

/** The device whose change this is; undefined for everything else. */
function changedBy({ header }: EntryParts): DeviceId | undefined {
  try {
    const { channel, kind, device } = decodeHeader(header);
    return channel === CONTROL_CHANNEL && kind === CONTROL_KIND.member ? device : undefined;
  } catch (error) {
    // What is malformed is refused by whoever checks it.
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/**
 * Cuts a batch after each of them, but not between those that one device signed in a row: each needs no more than what its device is
 * known by, and hundreds of them, as a large group begins with, are taken in and judged together.
 */
export function cutAtMembers(batch: readonly EntryParts[]): readonly (readonly EntryParts[])[] {
  const pieces: EntryParts[][] = [[]];
  let changed: DeviceId | undefined;
  for (const parts of batch) {
    const device = changedBy(parts);
    if (changed !== undefined && device !== changed) pieces.push([]);
    pieces.at(-1)?.push(parts);
    changed = device;
  }
  return pieces.filter((piece) => piece.length > 0);
}
