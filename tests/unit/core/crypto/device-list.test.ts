import { expect, test } from "vitest";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import {
  accountIdOf,
  consentingDevice,
  decodeDeviceList,
  decodeProfile,
  deviceIdOf,
  encodeDeviceList,
  encodeProfile,
  type DeviceList,
} from "../../../../src/core/crypto/identity.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";

const suite = createSuite();
const rootSeed = suite.random(32);
const logSeed = suite.random(32);
const peerSeed = suite.random(32);
const device = deviceIdOf(suite, suite.publicKey(logSeed));
const list: DeviceList = {
  rootKey: suite.publicKey(rootSeed),
  number: 1,
  devices: [consentingDevice(suite, suite.publicKey(rootSeed), { logSeed, peerSeed }, 1_700_000_000_000)],
};

test("a device list and a profile come back as they were signed", () => {
  expect(decodeDeviceList(suite, encodeDeviceList(suite, rootSeed, list))).toEqual(list);
  const profile = { device, number: 4, name: "Zoë" };
  expect(decodeProfile(suite, list, encodeProfile(suite, logSeed, profile))).toEqual(profile);
  expect(accountIdOf(suite, list.rootKey)).toMatch(/^[0-9a-f]{64}$/);
});

test("a device list with any byte changed is refused", () => {
  const bytes = encodeDeviceList(suite, rootSeed, list);
  for (let at = 0; at < bytes.length; at += 3) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => decodeDeviceList(suite, changed)).toThrow(DecodeError);
  }
});

test("a device list signed by another key, empty, numbered 0 or naming a device twice is refused", () => {
  const decode = (seed: Uint8Array, value: DeviceList) => () =>
    decodeDeviceList(suite, encodeDeviceList(suite, seed, value));
  expect(decode(logSeed, list)).toThrow(DecodeError);
  expect(decode(rootSeed, { ...list, devices: [] })).toThrow(DecodeError);
  expect(decode(rootSeed, { ...list, number: 0 })).toThrow(DecodeError);
  expect(decode(rootSeed, { ...list, devices: [...list.devices, ...list.devices] })).toThrow(DecodeError);
  expect(decode(rootSeed, { ...list, devices: Array.from({ length: 17 }, () => list.devices).flat() })).toThrow(
    DecodeError,
  );
});

test("a device list that names a device which agreed to another account, or not at all, is refused", () => {
  const mallorysSeed = suite.random(32);
  const mallorysKey = suite.publicKey(mallorysSeed);
  const [listed] = list.devices;
  const own = consentingDevice(suite, mallorysKey, { logSeed: suite.random(32), peerSeed: suite.random(32) }, 1);
  const stolen = [
    listed,
    listed && { ...own, peerKey: listed.peerKey },
    listed && { ...own, logKey: listed.logKey, device: listed.device },
  ];
  for (const device of stolen) {
    if (device === undefined) throw new Error("no device to steal");
    const forged = encodeDeviceList(suite, mallorysSeed, { rootKey: mallorysKey, number: 1, devices: [own, device] });
    expect(() => decodeDeviceList(suite, forged)).toThrow(DecodeError);
  }
});

test("a profile is refused when another device signed it, or the device is not listed", () => {
  const signedByAnother = encodeProfile(suite, rootSeed, { device, number: 1, name: "Bob" });
  expect(() => decodeProfile(suite, list, signedByAnother)).toThrow(DecodeError);
  const unlisted = deviceIdOf(suite, list.rootKey);
  const signedByUnlisted = encodeProfile(suite, rootSeed, { device: unlisted, number: 1, name: "Bob" });
  expect(() => decodeProfile(suite, list, signedByUnlisted)).toThrow(DecodeError);
  const bytes = encodeProfile(suite, logSeed, { device, number: 1, name: "Bob" });
  for (let at = 0; at < bytes.length; at += 3) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => decodeProfile(suite, list, changed)).toThrow(DecodeError);
  }
});
