/** Accounts, devices and their signed statements (PROTOCOL, Identity): ids, the numbered device list, the profile. */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, bytesToText, hexToBytes, textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, DeviceId, PeerKey } from "../codec/ids.ts";
import { MAX_NAME_BYTES } from "../codec/limits.ts";
import { domainHash, type Suite } from "./suite.ts";

export const MAX_DEVICES = 16;
export const MAX_DEVICE_LIST_BYTES = 32 + 4 + 1 + MAX_DEVICES * (32 + 32 + 6 + 64 + 64) + 64;
export const MAX_PROFILE_BYTES = 16 + 4 + 1 + MAX_NAME_BYTES + 64;

export interface ListedDevice {
  readonly device: DeviceId;
  readonly logKey: Uint8Array;
  readonly peerKey: PeerKey;
  /** Milliseconds since 1970, by the account's clock. */
  readonly createdAt: number;
  /** The device's own word that it belongs to this account, by its log key and by its peer key: nobody lists another's device. */
  readonly logConsent: Uint8Array;
  readonly peerConsent: Uint8Array;
}

/** The secrets of a device that is about to be listed. */
export interface DeviceSeeds {
  readonly logSeed: Uint8Array;
  readonly peerSeed: Uint8Array;
}

export interface DeviceList {
  readonly rootKey: Uint8Array;
  /** From 1; the highest number wins. */
  readonly number: number;
  readonly devices: readonly ListedDevice[];
}

/** The name a device's account goes by; the highest number wins. */
export interface Profile {
  readonly device: DeviceId;
  readonly number: number;
  readonly name: string;
}

const DEVICE_LIST_DOMAIN = "kith/devices/1";
const CONSENT_DOMAIN = "kith/device-of/1";
const PROFILE_DOMAIN = "kith/profile/1";

export function accountIdOf(suite: Suite, rootKey: Uint8Array): AccountId {
  return bytesToHex(domainHash(suite, "kith/account/1", rootKey)) as AccountId;
}

export function deviceIdOf(suite: Suite, logKey: Uint8Array): DeviceId {
  return bytesToHex(domainHash(suite, "kith/device/1", logKey).subarray(0, 16)) as DeviceId;
}

/** A device that agrees to be listed under this root key. */
export function consentingDevice(
  suite: Suite,
  rootKey: Uint8Array,
  { logSeed, peerSeed }: DeviceSeeds,
  createdAt: number,
): ListedDevice {
  const logKey = suite.publicKey(logSeed);
  const peerKey = bytesToHex(suite.publicKey(peerSeed)) as PeerKey;
  const consent = consentBytes(rootKey, { logKey, peerKey, createdAt });
  return {
    device: deviceIdOf(suite, logKey),
    logKey,
    peerKey,
    createdAt,
    logConsent: suite.sign(logSeed, CONSENT_DOMAIN, consent),
    peerConsent: suite.sign(peerSeed, CONSENT_DOMAIN, consent),
  };
}

/** root key 32 | number 4 | count 1 | (log key 32, peer key 32, created 6, consents 64 and 64)… | signature 64 */
export function encodeDeviceList(suite: Suite, rootSeed: Uint8Array, list: DeviceList): Uint8Array {
  const writer = new ByteWriter().fixed(list.rootKey, 32).uint(list.number, 4).uint(list.devices.length, 1);
  for (const device of list.devices) {
    writer
      .fixed(device.logKey, 32)
      .fixed(hexToBytes(device.peerKey, 32), 32)
      .uint(device.createdAt, 6)
      .fixed(device.logConsent, 64)
      .fixed(device.peerConsent, 64);
  }
  const signature = suite.sign(rootSeed, DEVICE_LIST_DOMAIN, writer.finish());
  return writer.fixed(signature, 64).finish();
}

/** @throws DecodeError when malformed, not signed by the root key it names, or naming a device that did not agree. */
export function decodeDeviceList(suite: Suite, bytes: Uint8Array): DeviceList {
  if (bytes.length > MAX_DEVICE_LIST_BYTES) throw new DecodeError("device list is too long");
  const reader = new ByteReader(bytes);
  const rootKey = reader.fixed(32);
  const number = reader.uint(4);
  const count = reader.uint(1, MAX_DEVICES);
  if (number === 0 || count === 0) throw new DecodeError("empty device list");
  const devices: ListedDevice[] = [];
  for (let index = 0; index < count; index += 1) {
    const logKey = reader.fixed(32);
    const peerKey = bytesToHex(reader.fixed(32)) as PeerKey;
    const createdAt = reader.uint(6);
    const [logConsent, peerConsent] = [reader.fixed(64), reader.fixed(64)];
    devices.push({ device: deviceIdOf(suite, logKey), logKey, peerKey, createdAt, logConsent, peerConsent });
  }
  const signed = bytes.subarray(0, reader.offset);
  const signature = reader.fixed(64);
  reader.end();
  if (new Set(devices.map((device) => device.device)).size !== count) throw new DecodeError("a device is listed twice");
  if (!suite.verify(rootKey, DEVICE_LIST_DOMAIN, signed, signature)) throw new DecodeError("device list is not signed");
  if (!devices.every((device) => hasConsented(suite, rootKey, device))) throw new DecodeError("a device did not agree");
  return { rootKey, number, devices };
}

function hasConsented(suite: Suite, rootKey: Uint8Array, device: ListedDevice): boolean {
  const consent = consentBytes(rootKey, device);
  const peerKey = hexToBytes(device.peerKey, 32);
  return (
    suite.verify(device.logKey, CONSENT_DOMAIN, consent, device.logConsent) &&
    suite.verify(peerKey, CONSENT_DOMAIN, consent, device.peerConsent)
  );
}

/** root key 32 | log key 32 | peer key 32 | created 6 */
function consentBytes(
  rootKey: Uint8Array,
  { logKey, peerKey, createdAt }: Pick<ListedDevice, "logKey" | "peerKey" | "createdAt">,
): Uint8Array {
  return new ByteWriter()
    .fixed(rootKey, 32)
    .fixed(logKey, 32)
    .fixed(hexToBytes(peerKey, 32), 32)
    .uint(createdAt, 6)
    .finish();
}

/** device 16 | number 4 | name length 1 | name | signature 64 by the device's log key */
export function encodeProfile(suite: Suite, logSeed: Uint8Array, profile: Profile): Uint8Array {
  const writer = new ByteWriter()
    .fixed(hexToBytes(profile.device, 16), 16)
    .uint(profile.number, 4)
    .sized(textToBytes(profile.name), 1);
  const signature = suite.sign(logSeed, PROFILE_DOMAIN, writer.finish());
  return writer.fixed(signature, 64).finish();
}

/** @throws DecodeError when malformed or not signed by a device of the list. */
export function decodeProfile(suite: Suite, list: DeviceList, bytes: Uint8Array): Profile {
  if (bytes.length > MAX_PROFILE_BYTES) throw new DecodeError("profile is too long");
  const reader = new ByteReader(bytes);
  const device = bytesToHex(reader.fixed(16)) as DeviceId;
  const number = reader.uint(4);
  const name = bytesToText(reader.sized(1, MAX_NAME_BYTES));
  const signed = bytes.subarray(0, reader.offset);
  const signature = reader.fixed(64);
  reader.end();
  const author = list.devices.find((listed) => listed.device === device);
  if (author === undefined) throw new DecodeError("profile of a device that is not listed");
  if (!suite.verify(author.logKey, PROFILE_DOMAIN, signed, signature)) throw new DecodeError("profile is not signed");
  return { device, number, name };
}
