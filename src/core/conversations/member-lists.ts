/**
 * Device lists of members that another member brings (PROTOCOL, Device lists of members). Each is signed by the root key of its account, so
 * it does not matter who brings it: the highest number wins, and an older one says which devices were the account's.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { equalBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId } from "../codec/ids.ts";
import { accountIdOf, decodeDeviceList, type DeviceList } from "../crypto/identity.ts";
import type { DeviceListRow } from "../store/tables.ts";
import { learnOwnDevices } from "./account.ts";
import { changeAcquaintance } from "./acquaintances.ts";
import { changeContact } from "./contact-rows.ts";
import { compareLists, withFork, withNewerList } from "./contact-trust.ts";
import type { CoreContext } from "./core-context.ts";
import { MAX_FORMER_DEVICES, replacingList } from "./former-devices.ts";

export type TakenList =
  /** Held already, of nobody here, or with somebody else's devices: nothing changed. */
  | { readonly kind: "passed-over" }
  | { readonly kind: "changed"; readonly account: AccountId }
  /** This account has devices that this profile did not know. */
  | { readonly kind: "own" };

const PASSED_OVER: TakenList = { kind: "passed-over" };

/** @throws DecodeError for what no account signed. */
export async function takeMemberList(
  core: CoreContext,
  conversation: ConversationId,
  bytes: Uint8Array,
): Promise<TakenList> {
  const { directory, suite } = core;
  const account = accountIdOf(suite, new ByteReader(bytes).fixed(32));
  const row = directory.conversations.get(conversation);
  const isTheirs = row?.members.includes(account) === true || row?.former?.includes(account) === true;
  const held = directory.devicesOf(account);
  if (!isTheirs || held === undefined || equalBytes(bytes, held.bytes)) return PASSED_OVER;
  if (held.previous !== undefined && equalBytes(bytes, held.previous)) return PASSED_OVER;
  const list = decodeDeviceList(suite, bytes);
  if (account === directory.self.account) return (await learnOwnDevices(core, bytes)) ? { kind: "own" } : PASSED_OVER;
  if (!isAllowed(core, account, list)) return PASSED_OVER;
  const take = { fork: noteFork, newer: replace, older: learnFormer, same: learnFormer }[
    compareLists(held, { list, listBytes: bytes })
  ];
  return (await take(core, account, list, bytes)) ? { kind: "changed", account } : PASSED_OVER;
}

/** A list with somebody else's device, or the hundredth: who brings it may not know that. */
function isAllowed({ directory }: CoreContext, account: AccountId, list: DeviceList): boolean {
  try {
    directory.checkDevices(account, list);
    return true;
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

async function replace(core: CoreContext, account: AccountId, list: DeviceList, bytes: Uint8Array): Promise<boolean> {
  const { directory, store, clock } = core;
  const { number, rootKey, devices } = list;
  const stored = await store.write(["contacts", "devices"], "strict", async (tx) => {
    const [held, contact] = await Promise.all([tx.get("devices", [account]), tx.get("contacts", [account])]);
    if (held === undefined || held.number >= number) return undefined;
    const next = replacingList(held, { number, rootKey, devices, bytes });
    const nextContact = contact === undefined ? undefined : withNewerList(contact, held, next, clock.now());
    tx.put("devices", [account], next);
    if (nextContact !== undefined) tx.put("contacts", [account], nextContact);
    return { next, nextContact };
  });
  if (stored === undefined) return false;
  if (stored.nextContact !== undefined) directory.contacts.set(account, stored.nextContact);
  directory.putDevices(account, stored.next);
  return true;
}

async function noteFork(core: CoreContext, account: AccountId, _: DeviceList, listBytes: Uint8Array): Promise<boolean> {
  const { directory, suite, clock } = core;
  const contact = directory.contacts.get(account);
  if (contact === undefined) {
    const acquaintance = directory.acquaintances.get(account);
    if (acquaintance === undefined || acquaintance.hasFork === true) return false;
    await changeAcquaintance(core, account, { hasFork: true });
    return true;
  }
  if (withFork(suite, contact, { listBytes }, clock.now()) === contact) return false;
  await changeContact(core, account, "strict", (row) => withFork(suite, row, { listBytes }, clock.now()));
  return true;
}

/** An older list: what its devices wrote can be verified. */
async function learnFormer(
  core: CoreContext,
  account: AccountId,
  list: DeviceList,
  bytes: Uint8Array,
): Promise<boolean> {
  const { directory, store, suite } = core;
  const next = await store.write(["devices"], "strict", async (tx): Promise<DeviceListRow | undefined> => {
    const held = await tx.get("devices", [account]);
    if (held === undefined) return undefined;
    const known = new Set([...held.devices, ...(held.former ?? [])].map(({ device }) => device));
    const unknown = list.devices.filter(({ device }) => !known.has(device));
    if (unknown.length === 0) return undefined;
    const former = [...unknown, ...(held.former ?? [])].slice(0, MAX_FORMER_DEVICES);
    const isLater = held.previous === undefined || decodeDeviceList(suite, held.previous).number < list.number;
    const row = { ...held, former, ...(isLater ? { previous: bytes } : {}) };
    tx.put("devices", [account], row);
    return row;
  });
  if (next === undefined) return false;
  directory.putDevices(account, next);
  return true;
}
