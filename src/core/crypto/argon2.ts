/** Argon2id (RFC 9106). A file of its own: it is loaded by the worker that runs it, and by nothing else. */
import { argon2id } from "@noble/hashes/argon2.js";

const LANES = 1;
const KEY_BYTES = 32;

/** 32 bytes. Takes seconds: never on the main thread. */
export function stretch(
  passphrase: Uint8Array,
  salt: Uint8Array,
  { memoryKib, passes }: { readonly memoryKib: number; readonly passes: number },
): Uint8Array {
  return argon2id(passphrase, salt, { m: memoryKib, t: passes, p: LANES, dkLen: KEY_BYTES });
}
