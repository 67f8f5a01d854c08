/** A suite as one device uses it: what it must never do again is kept. */
import { bytesToHex } from "../../src/core/codec/bytes.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";

/** Watches the keys and nonces of everything that is encrypted, by whichever device. */
export class NonceWatch {
  readonly #seen = new Map<string, string>();
  reuses = 0;

  get uses(): number {
    return this.#seen.size;
  }

  watched(below: Suite): Suite {
    return {
      ...below,
      encrypt: (key, nonce, aad, plaintext) => {
        const ciphertext = below.encrypt(key, nonce, aad, plaintext);
        const use = `${bytesToHex(key)}/${bytesToHex(nonce)}`;
        const made = bytesToHex(ciphertext);
        if ((this.#seen.get(use) ?? made) !== made) this.reuses += 1;
        this.#seen.set(use, made);
        return ciphertext;
      },
    };
  }
}

/** Notes which chain keys a device has stepped since it was last asked. */
export class StepWatch {
  #stepped: string[] = [];

  watched(below: Suite): Suite {
    return {
      ...below,
      mac: (key, bytes) => {
        if (bytes.length === 1) this.#stepped.push(bytesToHex(key));
        return below.mac(key, bytes);
      },
    };
  }

  /** Chain keys, as hex. */
  take(): readonly string[] {
    const stepped = this.#stepped;
    this.#stepped = [];
    return stepped;
  }
}
