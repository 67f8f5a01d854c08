/** How a device can be reached, as it tells a contact: *Reach cards*. */
import { join, number, sized } from "./bytes.ts";
import { sha256, signed } from "./primitives.ts";

export type SecondReachCard = {
  readonly device: Uint8Array;
  readonly number: number;
  readonly holder: Uint8Array;
  readonly helps: boolean;
  readonly relays: readonly string[];
  /** Peer keys. */
  readonly helpers: readonly Uint8Array[];
  /** What a later version adds. */
  readonly later?: Uint8Array;
};

export function helperMark(helper: Uint8Array, holder: Uint8Array): Uint8Array {
  return sha256("kith/helper/1", helper, holder).slice(0, 16);
}

export function reachCardBytes(logSeed: Uint8Array, card: SecondReachCard): Uint8Array {
  const covered = join(
    number(1, 1),
    card.device,
    number(card.number, 6),
    card.holder,
    number(card.helps ? 1 : 0, 1),
    number(card.relays.length, 1),
    ...card.relays.map((relay) => sized(1, relay)),
    number(card.helpers.length, 1),
    ...card.helpers.map((helper) => helperMark(helper, card.holder)),
    card.later ?? new Uint8Array(0),
  );
  return join(covered, signed(logSeed, "kith/reach/1", covered));
}
