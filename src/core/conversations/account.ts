/** The own account: made once on this device, renamed, and given a new device when this profile turns out to be an old copy. */
import { bytesToHex } from "../codec/bytes.ts";
import type { PeerKey } from "../codec/ids.ts";
import {
  accountIdOf,
  consentingDevice,
  deviceIdOf,
  encodeDeviceList,
  MAX_DEVICES,
  type DeviceList,
} from "../crypto/identity.ts";
import type { Suite } from "../crypto/suite.ts";
import type { DeviceListRow, IdentityRow } from "../store/tables.ts";
import type { ProfileView } from "../views.ts";
import { encodeBundle } from "./bundle.ts";
import type { CoreContext } from "./core-context.ts";
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
 * fork. It goes on as a new device of the account; what the old one wrote comes back from peers.
 */
export async function becomeNewDevice(core: CoreContext): Promise<void> {
  const { suite, directory } = core;
  const self = directory.self;
  const held = directory.devicesOf(self.account);
  if (held === undefined) throw new Error("an account without a device list");
  const logSeed = suite.random(SEED_BYTES);
  const logKey = suite.publicKey(logSeed);
  const identity = { ...self, logSeed, logKey, device: deviceIdOf(suite, logKey) };
  const added = consentingDevice(suite, held.rootKey, identity, core.clock.now());
  const list = {
    rootKey: held.rootKey,
    number: nextNumber(core, held.number),
    devices: [added, ...held.devices].slice(0, MAX_DEVICES),
  };
  await saveIdentity(core, identity, signedList(suite, self.rootSeed, list));
}

/**
 * The number of the next signed list or profile: seconds since 1970 where that is higher, so that a profile that went back to an
 * old copy does not give out a number for the second time.
 */
function nextNumber(core: CoreContext, held: number): number {
  return Math.max(held + 1, Math.min(Math.floor(core.clock.now() / 1000), MAX_TIMED_NUMBER));
}

export function profileOf(identity: IdentityRow): ProfileView {
  return { account: identity.account, name: identity.name };
}

/** What contacts are told of this account. */
export function ownBundle(core: CoreContext): Uint8Array {
  const self = core.directory.self;
  const devices = core.directory.devicesOf(self.account);
  if (devices === undefined) throw new Error("an account without a device list");
  return encodeBundle(core.suite, self, devices);
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
  await core.store.write(["identity", "devices"], "strict", async (tx) => {
    tx.put("identity", ["self"], identity);
    tx.put("devices", [identity.account], devices);
  });
  core.directory.identity = identity;
  core.directory.putDevices(identity.account, devices);
}
