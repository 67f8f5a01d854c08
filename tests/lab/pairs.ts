/** Which pairs of networks there are to try. */
import { SITE_KINDS, type SiteKind } from "./site-kinds.ts";

export interface Pair {
  /** "cone/symmetric"; "lan" for two hosts behind one router. */
  readonly name: string;
  readonly kinds: readonly [SiteKind, SiteKind];
  readonly isOneSite: boolean;
}

const ONE_LAN: Pair = { name: "lan", kinds: ["cone", "cone"], isOneSite: true };

/** Every two kinds once, a kind with itself too, and two hosts on one LAN. */
export const PAIRS: readonly Pair[] = [
  ...SITE_KINDS.flatMap((left, index) =>
    SITE_KINDS.slice(index).map((right): Pair => ({
      name: `${left}/${right}`,
      kinds: [left, right],
      isOneSite: false,
    })),
  ),
  ONE_LAN,
];

/** The pair of this name, its kinds in either order. */
export function findPair(name: string): Pair | undefined {
  const turned = name.split("/").toReversed().join("/");
  return PAIRS.find((pair) => pair.name === name || pair.name === turned);
}
