/** The bundle by which two accounts get to know each other (PROTOCOL, First contact): device list, profile, key package. */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { EMPTY_BYTES } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId } from "../codec/ids.ts";
import {
  accountIdOf,
  decodeDeviceList,
  decodeProfile,
  type DeviceList,
  encodeProfile,
  MAX_DEVICE_LIST_BYTES,
  MAX_PROFILE_BYTES,
  type Profile,
} from "../crypto/identity.ts";
import type { Suite } from "../crypto/suite.ts";
import type { DeviceListRow, IdentityRow } from "../store/tables.ts";

const BUNDLE_VERSION = 1;
const MAX_KEY_PACKAGE_BYTES = 2048;
export const MAX_BUNDLE_BYTES = 1 + 2 + MAX_DEVICE_LIST_BYTES + 2 + MAX_PROFILE_BYTES + 2 + MAX_KEY_PACKAGE_BYTES;

export interface Bundle {
  readonly account: AccountId;
  readonly list: DeviceList;
  readonly listBytes: Uint8Array;
  readonly profile: Profile;
}

/** version 1 | device list (length 2) | profile (length 2) | key package (length 2, empty until messages are sealed) */
export function encodeBundle(suite: Suite, identity: IdentityRow, devices: DeviceListRow): Uint8Array {
  const { device, profileNumber: number, name } = identity;
  return new ByteWriter()
    .uint(BUNDLE_VERSION, 1)
    .sized(devices.bytes, 2)
    .sized(encodeProfile(suite, identity.logSeed, { device, number, name }), 2)
    .sized(EMPTY_BYTES, 2)
    .finish();
}

/** Verifies every signature in it. @throws DecodeError */
export function decodeBundle(suite: Suite, bytes: Uint8Array): Bundle {
  if (bytes.length > MAX_BUNDLE_BYTES) throw new DecodeError("bundle is too long");
  const reader = new ByteReader(bytes);
  if (reader.uint(1) !== BUNDLE_VERSION) throw new DecodeError("unknown bundle version");
  const listBytes = reader.sized(2, MAX_DEVICE_LIST_BYTES);
  const profileBytes = reader.sized(2, MAX_PROFILE_BYTES);
  reader.sized(2, MAX_KEY_PACKAGE_BYTES);
  reader.end();
  const list = decodeDeviceList(suite, listBytes);
  const profile = decodeProfile(suite, list, profileBytes);
  return { account: accountIdOf(suite, list.rootKey), list, listBytes, profile };
}

/** Whose bundle it says it is. Nothing was verified: only good for passing over what concerns nobody here. @throws DecodeError */
export function claimedAccount(suite: Suite, bytes: Uint8Array): AccountId {
  const reader = new ByteReader(bytes);
  if (reader.uint(1) !== BUNDLE_VERSION) throw new DecodeError("unknown bundle version");
  return accountIdOf(suite, new ByteReader(reader.sized(2, MAX_DEVICE_LIST_BYTES)).fixed(32));
}

export function deviceListRow(bundle: Pick<Bundle, "list" | "listBytes">): DeviceListRow {
  const { number, rootKey, devices } = bundle.list;
  return { number, rootKey, devices, bytes: bundle.listBytes };
}
