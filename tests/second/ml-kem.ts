/** ML-KEM-768 key pairs and decapsulation by OpenSSL, from the 64-byte seed d | z of FIPS 203. */
import { createPrivateKey, createPublicKey, decapsulate, type KeyObject } from "node:crypto";
import { fromHex, join } from "./bytes.ts";

const PUBLIC_KEY_BYTES = 1184;
const SEED_SHELL = "3054020100300b060960864801650304040204428040";

function privateKey(seed: Uint8Array): KeyObject {
  const der = join(fromHex(SEED_SHELL), seed);
  return createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
}

export function mlKemKey(seed: Uint8Array): Uint8Array {
  const der = createPublicKey(privateKey(seed)).export({ format: "der", type: "spki" });
  return new Uint8Array(der.subarray(-PUBLIC_KEY_BYTES));
}

export function mlKemDecapsulate(seed: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  return new Uint8Array(decapsulate(privateKey(seed), Buffer.from(ciphertext)));
}
