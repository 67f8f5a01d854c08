/**
 * What is believed of a contact's devices (PROTOCOL, Identity): a newer list that adds a device is told and takes the verified mark
 * away; two lists of one number are a fork of the account, and nothing is sent until the person decides.
 */
import { bytesToHex, equalBytes } from "../codec/bytes.ts";
import type { AccountId } from "../codec/ids.ts";
import type { Suite } from "../crypto/suite.ts";
import type { ContactRow, DeviceListRow } from "../store/tables.ts";
import type { Bundle } from "./bundle.ts";
import { changeContact } from "./contact-rows.ts";
import type { CoreContext } from "./core-context.ts";

/** How a bundle's list stands to the one that is held. */
export function compareLists(
  held: DeviceListRow,
  { list, listBytes }: Pick<Bundle, "list" | "listBytes">,
): "same" | "older" | "newer" | "fork" {
  if (list.number > held.number) return "newer";
  if (list.number < held.number) return "older";
  return equalBytes(listBytes, held.bytes) ? "same" : "fork";
}

/** The contact after their list was replaced. A fork that was not settled stays one. */
export function withNewerList(contact: ContactRow, held: DeviceListRow, next: DeviceListRow, now: number): ContactRow {
  const known = new Set(held.devices.map(({ device }) => device));
  const hasNewDevice = next.devices.some(({ device }) => !known.has(device));
  if (!hasNewDevice || !contact.isConfirmed || isOnHold(contact)) return contact;
  return changed(contact, "new-device", now);
}

/** The contact after another list of the held number came; the same object if that is known. */
export function withFork(
  suite: Suite,
  contact: ContactRow,
  { listBytes }: Pick<Bundle, "listBytes">,
  now: number,
): ContactRow {
  const seenFork = bytesToHex(suite.hash(listBytes));
  if (contact.seenFork === seenFork || isOnHold(contact)) return contact;
  return { ...changed(contact, "fork", now), seenFork };
}

/** Whether sending to this contact waits for a decision. */
export function isOnHold(contact: ContactRow | undefined): boolean {
  return contact?.listChange?.kind === "fork";
}

/** The person was told and goes on with the list that is held. */
export function settleListChange(core: CoreContext, account: AccountId): Promise<void> {
  return changeContact(core, account, "strict", ({ listChange: _told, ...rest }) => rest);
}

/** The person compared (or takes it back). Whoever was compared again is as good as told. */
export function setVerified(core: CoreContext, account: AccountId, isVerified: boolean): Promise<void> {
  return changeContact(core, account, "strict", ({ verifiedAt: _before, listChange, ...rest }) => ({
    ...rest,
    ...(isVerified ? { verifiedAt: core.clock.now() } : {}),
    // What is compared is the account key, which a fork shares: that stays to be decided.
    ...(listChange !== undefined && (!isVerified || listChange.kind === "fork") ? { listChange } : {}),
  }));
}

function changed(contact: ContactRow, kind: "new-device" | "fork", at: number): ContactRow {
  const { verifiedAt, listChange: earlier, ...rest } = contact;
  return { ...rest, listChange: { kind, at, wasVerified: verifiedAt !== undefined || earlier?.wasVerified === true } };
}
