/** The chain of an epoch: *Chains*. */
import { bytesOf, number } from "./bytes.ts";
import { expand, extract, hmac, sha256 } from "./primitives.ts";

export function firstChainKey(rekeyHeader: Uint8Array, seed: Uint8Array): Uint8Array {
  return expand(extract(sha256(rekeyHeader), seed), bytesOf("kith/chain/1"), 32);
}

export const messageKey = (chainKey: Uint8Array): Uint8Array => hmac(chainKey, number(1, 1));
export const nextChainKey = (chainKey: Uint8Array): Uint8Array => hmac(chainKey, number(2, 1));
