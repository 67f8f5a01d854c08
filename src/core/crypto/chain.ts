/**
 * The forward chain of one epoch of one device (PROTOCOL, Chains): every message has its own key, and a chain key that has been
 * stepped and erased gives nothing back.
 */
import { textToBytes } from "../codec/bytes.ts";
import type { Suite } from "./suite.ts";

const CHAIN_KEY_BYTES = 32;

const CHAIN_INFO = textToBytes("kith/chain/1");
const MESSAGE_STEP = Uint8Array.of(1);
const NEXT_STEP = Uint8Array.of(2);

export interface ChainStep {
  /** Opens or seals the message of this generation, and no other. 32 bytes. */
  readonly messageKey: Uint8Array;
  /** Chain key of the next generation. The one that was stepped is to be erased. 32 bytes. */
  readonly next: Uint8Array;
}

/**
 * Chain key of generation 0: HKDF-Expand(HKDF-Extract(SHA-256(rekey header), seed), "kith/chain/1", 32).
 * `rekeyHeader`: the encoded header of the entry that began the epoch. `seed`: 32 bytes.
 */
export function firstChainKey(suite: Suite, rekeyHeader: Uint8Array, seed: Uint8Array): Uint8Array {
  return suite.hkdfExpand(suite.hkdfExtract(suite.hash(rekeyHeader), seed), CHAIN_INFO, CHAIN_KEY_BYTES);
}

/** Message key: HMAC-SHA256(chain key, 0x01). Next chain key: HMAC-SHA256(chain key, 0x02). */
export function stepChain(suite: Suite, chainKey: Uint8Array): ChainStep {
  return { messageKey: suite.mac(chainKey, MESSAGE_STEP), next: suite.mac(chainKey, NEXT_STEP) };
}
