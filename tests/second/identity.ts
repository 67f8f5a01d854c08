/** Ids, device list, profile, bundle and key package: *Identity* and *Key packages*. */
import { join, number, Reader, sized } from "./bytes.ts";
import { isSigned, sha256, signed, signingKey } from "./primitives.ts";

export const accountId = (rootKey: Uint8Array): Uint8Array => sha256("kith/account/1", rootKey);
export const deviceId = (logKey: Uint8Array): Uint8Array => sha256("kith/device/1", logKey).slice(0, 16);

export type SecondDevice = {
  readonly logKey: Uint8Array;
  readonly peerKey: Uint8Array;
  readonly created: number;
  readonly consents: readonly [log: Uint8Array, peer: Uint8Array];
};

export type SecondDeviceList = {
  readonly rootKey: Uint8Array;
  readonly number: number;
  readonly devices: readonly SecondDevice[];
  readonly signature: Uint8Array;
};

const consentDomain = "kith/device-of/1";

export function consentingDevice(
  rootKey: Uint8Array,
  logSeed: Uint8Array,
  peerSeed: Uint8Array,
  created: number,
): SecondDevice {
  const logKey = signingKey(logSeed);
  const peerKey = signingKey(peerSeed);
  const covered = join(rootKey, logKey, peerKey, number(created, 6));
  const consents = [signed(logSeed, consentDomain, covered), signed(peerSeed, consentDomain, covered)] as const;
  return { logKey, peerKey, created, consents };
}

export function deviceListBytes(
  rootSeed: Uint8Array,
  listNumber: number,
  devices: readonly SecondDevice[],
): Uint8Array {
  const rows = devices.map(({ logKey, peerKey, created, consents }) =>
    join(logKey, peerKey, number(created, 6), ...consents),
  );
  const covered = join(signingKey(rootSeed), number(listNumber, 4), number(devices.length, 1), ...rows);
  return join(covered, signed(rootSeed, "kith/devices/1", covered));
}

/** Throws unless every signature holds. */
export function readDeviceList(bytes: Uint8Array): SecondDeviceList {
  const reader = new Reader(bytes);
  const rootKey = reader.take(32);
  const listNumber = reader.number(4);
  const devices = reader.times(reader.number(1), () => ({
    logKey: reader.take(32),
    peerKey: reader.take(32),
    created: reader.number(6),
    consents: [reader.take(64), reader.take(64)] as const,
  }));
  const signature = reader.take(64);
  reader.end();
  demand(isSigned(rootKey, "kith/devices/1", bytes.subarray(0, -64), signature), "list");
  for (const { logKey, peerKey, created, consents } of devices) {
    const covered = join(rootKey, logKey, peerKey, number(created, 6));
    demand(isSigned(logKey, consentDomain, covered, consents[0]), "log key's consent");
    demand(isSigned(peerKey, consentDomain, covered, consents[1]), "peer key's consent");
  }
  return { rootKey, number: listNumber, devices, signature };
}

export function profileBytes(logSeed: Uint8Array, profileNumber: number, name: string): Uint8Array {
  const covered = join(deviceId(signingKey(logSeed)), number(profileNumber, 4), sized(1, name));
  return join(covered, signed(logSeed, "kith/profile/1", covered));
}

export function readProfile(
  bytes: Uint8Array,
  logKey: Uint8Array,
): { readonly device: Uint8Array; readonly number: number; readonly name: string } {
  const reader = new Reader(bytes);
  const device = reader.take(16);
  const profileNumber = reader.number(4);
  const name = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(reader.sized(1));
  const signature = reader.take(64);
  reader.end();
  demand(isSigned(logKey, "kith/profile/1", bytes.subarray(0, -64), signature), "profile");
  return { device, number: profileNumber, name };
}

export type SecondKeyPackage = {
  readonly conversation: Uint8Array;
  readonly device: Uint8Array;
  readonly number: number;
  readonly publicKey: Uint8Array;
};

export function keyPackageBytes(
  logSeed: Uint8Array,
  { conversation, device, number: n, publicKey }: SecondKeyPackage,
): Uint8Array {
  const covered = join(conversation, device, number(n, 4), publicKey);
  return join(covered, signed(logSeed, "kith/key-package/1", covered));
}

export function readKeyPackage(bytes: Uint8Array, logKey: Uint8Array): SecondKeyPackage {
  const reader = new Reader(bytes);
  const conversation = reader.take(32);
  const device = reader.take(16);
  const packageNumber = reader.number(4);
  const publicKey = reader.take(1216);
  const signature = reader.take(64);
  reader.end();
  demand(isSigned(logKey, "kith/key-package/1", bytes.subarray(0, -64), signature), "key package");
  return { conversation, device, number: packageNumber, publicKey };
}

export function bundleBytes(deviceList: Uint8Array, profile: Uint8Array, keyPackage: Uint8Array): Uint8Array {
  return join(number(1, 1), sized(2, deviceList), sized(2, profile), sized(2, keyPackage));
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the signature of the ${what} does not hold`);
}
