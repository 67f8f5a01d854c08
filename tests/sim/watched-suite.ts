/** A suite as one profile has it: whatever it opens is looked at, for nobody may open what was not written for them. */
import { MARK_START, markIn, type Marked } from "./ledger.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";

/** `onOpened` is told of every message whose text came out of a sealed or encrypted thing. */
export function watchedSuite(below: Suite, onOpened: (marked: Marked) => void): Suite {
  function look(plaintext: Uint8Array | undefined): Uint8Array | undefined {
    const marked = plaintext === undefined ? undefined : markWithin(plaintext);
    if (marked !== undefined) onOpened(marked);
    return plaintext;
  }
  return {
    ...below,
    unseal: (seed, info, aad, sealed) => look(below.unseal(seed, info, aad, sealed)),
    decrypt: (key, nonce, aad, ciphertext) => look(below.decrypt(key, nonce, aad, ciphertext)),
  };
}

/** The first mark of a message in these bytes. */
export function markWithin(bytes: Uint8Array): Marked | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = view.indexOf(MARK_START);
  return at < 0 ? undefined : markIn(view.toString("latin1", at, at + 32));
}
