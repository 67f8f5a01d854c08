/**
 * Devices that a newer list of their account leaves out (PROTOCOL, Identity). They take part no more, but what they wrote stays, and
 * others build on it: it must still be verified and passed on.
 */
import type { DeviceListRow, DeviceRecord } from "../store/tables.ts";

/** With the devices listed now, fewer than are counted for one account (Directory). */
export const MAX_FORMER_DEVICES = 48;

/** The next list in the place of the held one. Former devices that it names already stay. */
export function replacingList(held: DeviceListRow | undefined, next: DeviceListRow): DeviceListRow {
  if (held === undefined) return next;
  const isLeftOut = (earlier: DeviceRecord): boolean => !next.devices.some(({ device }) => device === earlier.device);
  const dropped = held.devices.filter(isLeftOut);
  const formerById = new Map(
    [...dropped, ...(next.former ?? []), ...(held.former ?? [])].map((earlier) => [earlier.device, earlier]),
  );
  const former = [...formerById.values()].filter(isLeftOut).slice(0, MAX_FORMER_DEVICES);
  const previous = dropped.length > 0 ? held.bytes : held.previous;
  return { ...next, ...(former.length > 0 && { former }), ...(previous !== undefined && { previous }) };
}
