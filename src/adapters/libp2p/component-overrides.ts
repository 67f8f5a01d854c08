/** Parts of libp2p that see others than the node has: how rules get in where libp2p asks nobody. */

/** The same object with some members replaced; the original stays as it is. */
export function withOverrides<Base extends object>(base: Base, overrides: Partial<Base>): Base {
  // Defined, not assigned: libp2p's components take assignments for the whole node.
  return Object.create(base, Object.getOwnPropertyDescriptors(overrides)) as Base;
}
