/** Which entries of a batch are taken: those of others are left for when it is known that they belong here. */
import { DecodeError } from "../codec/decode-error.ts";
import { decodeHeader, type EntryHeader } from "../codec/entry.ts";
import type { DeviceId } from "../codec/ids.ts";
import type { EntryParts } from "./entry.ts";
import type { PassedPiece } from "./log-state.ts";

export interface TakenEntries {
  readonly taken: readonly EntryParts[];
  readonly barred: readonly PassedPiece[];
}

/** What is malformed is taken, and refused by whoever checks it. */
export function takenFrom(
  batch: readonly EntryParts[],
  couldTake: (device: DeviceId, channel: number) => boolean,
): TakenEntries {
  const taken: EntryParts[] = [];
  const barred: PassedPiece[] = [];
  for (const parts of batch) {
    const header = readableHeader(parts);
    if (header === undefined || couldTake(header.device, header.channel)) taken.push(parts);
    else barred.push({ device: header.device, channel: header.channel, to: header.seq, triedAt: undefined });
  }
  return { taken, barred };
}

function readableHeader({ header }: EntryParts): EntryHeader | undefined {
  try {
    return decodeHeader(header);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
