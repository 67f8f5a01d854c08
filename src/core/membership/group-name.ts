/** What a group is called: 1 to 96 bytes of UTF-8. */
import { MAX_GROUP_NAME_BYTES } from "../codec/limits.ts";
import { bytesToText, textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";

/** @throws DecodeError for a name that is empty or too long. */
export function groupNameToBytes(name: string): Uint8Array {
  const bytes = textToBytes(name);
  if (!isGroupName(bytes)) throw new DecodeError("not a name of a group");
  return bytes;
}

/** @throws DecodeError for what is no UTF-8, empty or too long. */
export function groupNameFromBytes(bytes: Uint8Array): string {
  if (!isGroupName(bytes)) throw new DecodeError("not a name of a group");
  return bytesToText(bytes);
}

export function isGroupName(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.length <= MAX_GROUP_NAME_BYTES;
}
