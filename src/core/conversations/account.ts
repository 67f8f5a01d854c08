/** The own account: made once on this device, renamed, and given a new device when this profile turns out to be an old copy. */
import { bytesToHex, equalBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { DeviceId, PeerKey } from "../codec/ids.ts";
import {
  accountIdOf,
  consentingDevice,
  decodeDeviceList,
  type DeviceList,
  deviceIdOf,
  encodeDeviceList,
  type ListedDevice,
  MAX_DEVICES,
} from "../crypto/identity.ts";
import type { Suite } from "../crypto/suite.ts";
import type { DeviceListRow, IdentityRow } from "../store/tables.ts";
import type { ProfileView } from "../views.ts";
import { encodeBundle } from "./bundle.ts";
import type { CoreContext } from "./core-context.ts";
import { MAX_FORMER_DEVICES, replacingList } from "./former-devices.ts";
import { NAMELESS, safeName } from "./names.ts";

const SEED_BYTES = 32;
/** Leaves room for numbers that count on: a clock far in the future must not use them up. */
const MAX_TIMED_NUMBER = 0xf000_0000;

export async function createAccount(core: CoreContext, name: string): Promise<ProfileView> {
  const { suite } = core;
  const rootSeed = suite.random(SEED_BYTES);
  const logSeed = suite.random(SEED_BYTES);
  const peerSeed = suite.random(SEED_BYTES);
  const rootKey = suite.publicKey(rootSeed);
  const logKey = suite.publicKey(logSeed);
  const identity: IdentityRow = {
    rootSeed,
    rootKey,
    account: accountIdOf(suite, rootKey),
    logSeed,
    logKey,
    device: deviceIdOf(suite, logKey),
    peerSeed,
    peerKey: bytesToHex(suite.publicKey(peerSeed)) as PeerKey,
    name: safeName(name) || NAMELESS,
    profileNumber: 1,
  };
  const devices = signedList(suite, rootSeed, {
    rootKey,
    number: 1,
    devices: [consentingDevice(suite, rootKey, identity, core.clock.now())],
  });
  await saveIdentity(core, identity, devices);
  return profileOf(identity);
}

export async function renameAccount(core: CoreContext, name: string): Promise<ProfileView> {
  const self = core.directory.self;
  const cleaned = safeName(name);
  if (cleaned === "" || cleaned === self.name) return profileOf(self);
  const identity = await core.store.write(["identity"], "strict", async (tx) => {
    const held = (await tx.get("identity", ["self"])) ?? self;
    const renamed = { ...held, name: cleaned, profileNumber: nextNumber(core, held.profileNumber) };
    tx.put("identity", ["self"], renamed);
    return renamed;
  });
  core.directory.identity = identity;
  return profileOf(identity);
}

/**
 * A peer holds entries signed by this device that this profile does not have: it is an old copy, and its next entry would be a
 * fork. It goes on as a new device of the account; what the old one wrote comes back from peers. False if it did already.
 */
export function becomeNewDevice(core: CoreContext, old: DeviceId): Promise<boolean> {
  return core.renewals.run(async () => {
    const held = ownDevices(core);
    if (core.directory.self.device !== old) return false;
    await renewDevice(core, held.number, held.devices);
    return true;
  });
}

/**
 * A contact holds a device list of this account with devices that this profile does not know: it was one of them after the copy that it
 * went back to was made. They are listed again, so that what they wrote can be taken in. False if nothing was new.
 * @throws DecodeError when it is not a list of this account.
 */
export function learnOwnDevices(core: CoreContext, bytes: Uint8Array): Promise<boolean> {
  const list = decodeDeviceList(core.suite, bytes);
  if (!equalBytes(list.rootKey, core.directory.self.rootKey)) throw new DecodeError("another account's devices");
  return core.renewals.run(async () => {
    const held = ownDevices(core);
    const known = [...held.devices, ...(held.former ?? [])];
    const unknown = list.devices.filter(({ device }) => known.every((listed) => listed.device !== device));
    if (unknown.length === 0) return false;
    const { peerKey } = core.directory.self;
    const forgotten = unknown.filter((listed) => listed.peerKey === peerKey);
    if (list.number > held.number) {
      await renewDevice(core, list.number, [...forgotten, ...held.devices]);
    } else if (forgotten.length > 0) {
      const [current, ...others] = held.devices;
      const devices = [...(current === undefined ? [] : [current]), ...forgotten, ...others].slice(0, MAX_DEVICES);
      const { rootSeed } = core.directory.self;
      const next = { rootKey: held.rootKey, number: nextNumber(core, held.number), devices };
      await saveIdentity(core, core.directory.self, signedList(core.suite, rootSeed, next));
    }
    const lost = unknown.filter((listed) => listed.peerKey !== peerKey);
    if (lost.length > 0) await keepFormer(core, lost);
    return true;
  });
}

/** Devices on other machines, which a backup that was restored here did not know: they are not listed again, but what they wrote stays. */
async function keepFormer(core: CoreContext, lost: readonly ListedDevice[]): Promise<void> {
  const held = ownDevices(core);
  const former = [...lost, ...(held.former ?? [])].slice(0, MAX_FORMER_DEVICES);
  await saveIdentity(core, core.directory.self, { ...held, former });
}

/**
 * The account of a backup on a device of its own: fresh log key and peer key, listed alone under a number above the held one. The
 * devices listed until now are former ones.
 */
export function restoredAccount(
  { suite, clock }: Pick<CoreContext, "suite" | "clock">,
  account: Pick<IdentityRow, "rootSeed" | "name" | "profileNumber">,
  held: DeviceListRow,
): { readonly identity: IdentityRow; readonly devices: DeviceListRow } {
  const seeds = { logSeed: suite.random(SEED_BYTES), peerSeed: suite.random(SEED_BYTES) };
  const rootKey = suite.publicKey(account.rootSeed);
  const added = consentingDevice(suite, rootKey, seeds, clock.now());
  const { device, logKey, peerKey } = added;
  const identity = { ...account, ...seeds, rootKey, account: accountIdOf(suite, rootKey), device, logKey, peerKey };
  const list = { rootKey, number: nextNumber({ clock }, held.number), devices: [added] };
  return { identity, devices: replacingList(held, signedList(suite, account.rootSeed, list)) };
}

async function renewDevice(core: CoreContext, heldNumber: number, earlier: readonly ListedDevice[]): Promise<void> {
  const { suite, directory } = core;
  const { self } = directory;
  const logSeed = suite.random(SEED_BYTES);
  const logKey = suite.publicKey(logSeed);
  const identity = { ...self, logSeed, logKey, device: deviceIdOf(suite, logKey) };
  const added = consentingDevice(suite, self.rootKey, identity, core.clock.now());
  const list = {
    rootKey: self.rootKey,
    number: nextNumber(core, heldNumber),
    devices: [added, ...earlier].slice(0, MAX_DEVICES),
  };
  await saveIdentity(core, identity, signedList(suite, self.rootSeed, list));
}

function ownDevices(core: CoreContext): DeviceListRow {
  const held = core.directory.devicesOf(core.directory.self.account);
  if (held === undefined) throw new Error("an account without a device list");
  return held;
}

/**
 * The number of the next signed list or profile: seconds since 1970 where that is higher, so that a profile that went back to an
 * old copy does not give out a number for the second time.
 */
function nextNumber(core: Pick<CoreContext, "clock">, held: number): number {
  return Math.max(held + 1, Math.min(Math.floor(core.clock.now() / 1000), MAX_TIMED_NUMBER));
}

export function profileOf(identity: IdentityRow): ProfileView {
  return { account: identity.account, name: identity.name };
}

/** What contacts are told of this account. */
export function ownBundle(core: CoreContext): Uint8Array {
  return encodeBundle(core.suite, core.directory.self, ownDevices(core));
}

function signedList(suite: Suite, rootSeed: Uint8Array, list: DeviceList): DeviceListRow {
  return {
    number: list.number,
    rootKey: list.rootKey,
    devices: list.devices,
    bytes: encodeDeviceList(suite, rootSeed, list),
  };
}

async function saveIdentity(core: CoreContext, identity: IdentityRow, devices: DeviceListRow): Promise<void> {
  const row = replacingList(core.directory.devicesOf(identity.account), devices);
  await core.store.write(["identity", "devices"], "strict", async (tx) => {
    tx.put("identity", ["self"], identity);
    tx.put("devices", [identity.account], row);
  });
  core.directory.identity = identity;
  core.directory.putDevices(identity.account, row);
}
