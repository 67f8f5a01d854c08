/** What a group's members are told of a new one: the signed device list, and the name as the one who adds knows it. */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToText, textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId } from "../codec/ids.ts";
import { accountIdOf, decodeDeviceList, type DeviceList, MAX_DEVICE_LIST_BYTES } from "../crypto/identity.ts";
import type { Suite } from "../crypto/suite.ts";
import { MAX_NAME_BYTES } from "../codec/limits.ts";

const INTRODUCTION_VERSION = 1;

export interface Introduction {
  readonly account: AccountId;
  readonly list: DeviceList;
  readonly listBytes: Uint8Array;
  /** Unproven: only the list is signed by the account. */
  readonly name: string;
}

/** version 1 | name (length 1) | device list (length 2) */
export function encodeIntroduction(listBytes: Uint8Array, name: string): Uint8Array {
  return new ByteWriter().uint(INTRODUCTION_VERSION, 1).sized(textToBytes(name), 1).sized(listBytes, 2).finish();
}

/** Verifies the list. @throws DecodeError */
export function decodeIntroduction(suite: Suite, bytes: Uint8Array): Introduction {
  const reader = new ByteReader(bytes);
  if (reader.uint(1) !== INTRODUCTION_VERSION) throw new DecodeError("unknown introduction version");
  const name = bytesToText(reader.sized(1, MAX_NAME_BYTES));
  const listBytes = reader.sized(2, MAX_DEVICE_LIST_BYTES);
  reader.end();
  const list = decodeDeviceList(suite, listBytes);
  return { account: accountIdOf(suite, list.rootKey), list, listBytes, name };
}
