/**
 * Erasing what nobody needs any more (PROTOCOL, Erasure): own X-Wing secrets once all that was sealed to them was opened here, and
 * envelopes once their recipient has opened them. Decided from the newest clocks of the other devices.
 */
import { CONTROL_CHANNEL } from "../codec/entry.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import { markOf } from "../log/log-marks.ts";
import { logName, type LogState } from "../log/log-state.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { LogMark } from "../store/tables.ts";
import type { HeldEnvelope, KeyBook, PublishedKem } from "./key-book.ts";

/** A superseded key is kept no longer than this, whoever is still away. */
const MAX_SUPERSEDED_MS = 7 * 24 * 60 * 60_000;

/** The newest clock of another device of the conversation. */
export interface PeerClock {
  readonly device: DeviceId;
  /** Undefined while that device has told nothing. */
  readonly marks: readonly LogMark[] | undefined;
}

export interface Erasable {
  readonly kems: readonly PublishedKem[];
  readonly envelopes: readonly HeldEnvelope[];
}

/**
 * `others`: all devices that take part, without this one. `logs`: what is held here now; left out, as if all of it were opened, to see
 * cheaply whether anything can be erased at all.
 */
export function findErasable(
  book: KeyBook,
  conversation: ConversationId,
  self: DeviceId,
  others: readonly PeerClock[],
  nowMs: number,
  logs?: ReadonlyMap<string, LogState>,
): Erasable {
  const kems = book.kemsOf(conversation).filter((kem, index, all) => {
    const successor = all.slice(index + 1).find((later) => later.device === kem.device);
    // A device that this profile no longer is keeps nothing secret.
    if (kem.device !== self) return true;
    if (successor === undefined) return false;
    if (nowMs - successor.createdAt >= MAX_SUPERSEDED_MS) return true;
    return others.every((other) => hasMovedOn(other, self, successor.seq, logs));
  });
  const envelopes = book.envelopesOf(conversation).filter(({ device, seq, recipient }) => {
    // It came for this device, which has yet to open the entry.
    if (recipient === self) return false;
    const clock = others.find((other) => other.device === recipient);
    return clock === undefined || controlMark(clock.marks, device).opened >= seq;
  });
  return { kems, envelopes };
}

/** Writes what `findErasable` found. */
export function erase(tx: WriteTransaction, conversation: ConversationId, { kems, envelopes }: Erasable): void {
  for (const { device, number } of kems) tx.delete("kems", [conversation, device, number]);
  for (const { device, seq, recipient } of envelopes) tx.delete("envelopes", [conversation, device, seq, recipient]);
}

/** It has seen the newer key, and all that it sealed before it had is opened here. */
function hasMovedOn(
  { device, marks }: PeerClock,
  self: DeviceId,
  successorSeq: number,
  logs: ReadonlyMap<string, LogState> | undefined,
): boolean {
  if (marks === undefined || controlMark(marks, self).height < successorSeq) return false;
  if (logs === undefined) return true;
  const opened = logs.get(logName(device, CONTROL_CHANNEL))?.row.opened ?? 0;
  return opened >= controlMark(marks, device).height;
}

const NO_MARK = { height: 0, opened: 0 };

function controlMark(marks: readonly LogMark[] | undefined, device: DeviceId): Pick<LogMark, "height" | "opened"> {
  return (marks === undefined ? undefined : markOf(marks, device, CONTROL_CHANNEL)) ?? NO_MARK;
}
