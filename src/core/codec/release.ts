/**
 * Which build of Kith runs on a device, as that device says (PROTOCOL, The peer stream): a claim and no proof, for people whose copies were
 * changed without their knowing.
 */
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { bytesToHex, bytesToText, hexToBytes, textToBytes } from "./bytes.ts";
import { DecodeError } from "./decode-error.ts";

const MAX_VERSION_BYTES = 32;
const FINGERPRINT_BYTES = 32;

export interface Release {
  /** 1 to 32 bytes of UTF-8. */
  readonly version: string;
  /** SHA-256 of the list of the release's files, 64 hex digits. */
  readonly fingerprint: string;
}

/** version sized(1) | fingerprint 32. @throws DecodeError for a release that cannot be told. */
export function encodeRelease({ version, fingerprint }: Release): Uint8Array {
  const text = textToBytes(version);
  checkVersion(text);
  return new ByteWriter().sized(text, 1).fixed(hexToBytes(fingerprint, FINGERPRINT_BYTES), FINGERPRINT_BYTES).finish();
}

/** @throws DecodeError */
export function decodeRelease(bytes: Uint8Array): Release {
  const reader = new ByteReader(bytes);
  const text = reader.sized(1, MAX_VERSION_BYTES);
  checkVersion(text);
  const release = { version: bytesToText(text), fingerprint: bytesToHex(reader.fixed(FINGERPRINT_BYTES)) };
  reader.end();
  return release;
}

function checkVersion(text: Uint8Array): void {
  if (text.length === 0 || text.length > MAX_VERSION_BYTES) throw new DecodeError("not a version");
}
