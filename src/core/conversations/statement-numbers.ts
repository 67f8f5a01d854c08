/** Statements of a group by their numbers, and clocks as what changed in them: for the exchange with those who take numbers. */
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import { FRAME } from "../sync/frames.ts";
import { type StatementNumber, statementName } from "../sync/statement-numbers.ts";
import { changedClock, type ClockChange, decodeClockChange } from "./clock-changes.ts";
import type { CoreContext } from "./core-context.ts";
import type { TypedStatement } from "./statements.ts";

/** Of every device that is, or was, of a member: 0 where nothing of it is held. By name. */
export function statementNumbers(
  { directory, receipts }: CoreContext,
  conversation: ConversationId,
): ReadonlyMap<string, StatementNumber> {
  const row = directory.conversations.get(conversation);
  const numbers = new Map<string, StatementNumber>();
  const put = (kind: StatementNumber["kind"], device: DeviceId, number: number): void => {
    numbers.set(statementName({ kind, device }), { kind, device, number });
  };
  for (const account of [...(row?.members ?? []), ...(row?.former ?? [])]) {
    const list = directory.devicesOf(account);
    for (const { device } of [...(list?.devices ?? []), ...(list?.former ?? [])]) {
      // A device that another account showed first is theirs.
      if (directory.accountOfDevice(device) !== account) continue;
      put("clock", device, receipts.clockOf(conversation, device)?.number ?? 0);
      put("read", device, receipts.readOf(conversation, device)?.number ?? 0);
    }
  }
  return numbers;
}

/** The number of one of them; undefined for a device of nobody who is, or was, a member. */
export function statementNumber(
  { directory, receipts }: CoreContext,
  conversation: ConversationId,
  { kind, device }: Pick<StatementNumber, "kind" | "device">,
): number | undefined {
  if (!directory.isMemberDevice(conversation, device)) return undefined;
  const held = kind === "clock" ? receipts.clockOf(conversation, device) : receipts.readOf(conversation, device);
  return held?.number ?? 0;
}

/** What is held of it as a frame for who holds the one of that number. */
export function statementSince(
  { receipts }: CoreContext,
  conversation: ConversationId,
  { kind, device }: Pick<StatementNumber, "kind" | "device">,
  number: number,
): TypedStatement | undefined {
  if (kind === "read") {
    const read = receipts.readOf(conversation, device);
    if (read === undefined || read.bytes.length === 0) return undefined;
    return { type: read.seal === undefined ? FRAME.read : FRAME.sealedRead, bytes: read.bytes };
  }
  const change = receipts.clockChange(conversation, device, number);
  if (change !== undefined) return { type: FRAME.clockChange, bytes: change };
  const clock = receipts.clockOf(conversation, device);
  return clock === undefined ? undefined : { type: FRAME.clock, bytes: clock.bytes };
}

/** `lacking`: the clock that is held is too old for it, or another one than it was made of; then 0. */
export interface TakenChange {
  readonly device: DeviceId;
  readonly number: number;
  readonly lacking?: number;
}

/** Puts the whole clock together and has it taken in; `take` resolves with false where it is not valid. */
export async function takeClockChange(
  { directory, receipts }: CoreContext,
  conversation: ConversationId,
  bytes: Uint8Array,
  take: (clock: Uint8Array) => Promise<boolean>,
): Promise<TakenChange | "invalid"> {
  const change = decoded(bytes);
  if (change === undefined) return "invalid";
  const { device, number, base } = change;
  const held = receipts.clockOf(conversation, device);
  // Of somebody who is not known to be a member yet, or known already.
  if (!directory.isMemberDevice(conversation, device) || (held?.number ?? 0) >= number) return { device, number };
  if (held === undefined || held.number < base) return { device, number, lacking: held?.number ?? 0 };
  return (await take(changedClock(held.bytes, change))) ? { device, number } : { device, number, lacking: 0 };
}

function decoded(bytes: Uint8Array): ClockChange | undefined {
  try {
    return decodeClockChange(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
