/**
 * Rendezvous hashing (highest random weight): every device ranks the configured relays in its own order, so that load spreads and a
 * relay that is added or removed moves only its share of the devices.
 */
import type { RelayAddress } from "./addresses.ts";
import { MAX_OWN_RELAYS } from "./reservations.ts";

/** Best first. A list that is used whole keeps its order. `deviceSeed` is any bytes that are this device's own and stay. */
export function rankRelays(relays: readonly RelayAddress[], deviceSeed: Uint8Array): readonly RelayAddress[] {
  if (relays.length <= MAX_OWN_RELAYS) return relays;
  const weighed = relays.map((relay) => ({ relay, weight: weigh(deviceSeed, relay.id) }));
  return weighed.toSorted((left, right) => right.weight - left.weight).map(({ relay }) => relay);
}

/** FNV-1a with a final mix. Needs spread, not secrecy: the result never leaves the device. */
function weigh(seed: Uint8Array, id: string): number {
  let hash = 0x811c9dc5;
  for (const byte of seed) hash = Math.imul(hash ^ byte, 0x01000193);
  for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
