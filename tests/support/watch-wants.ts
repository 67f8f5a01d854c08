/** Whom somebody's transport is to reach, and how, as their core tells it. */
import type { Transport, WantedPeer } from "../../src/core/transport/transport.ts";
import type { CorePerson, CoreWorld } from "./core-world.ts";

/** Restarts the app of this person. Returns what it wanted last. */
export async function watchWants({ network }: CoreWorld, person: CorePerson): Promise<() => readonly WantedPeer[]> {
  const make = network.transport.bind(network);
  let wanted: readonly WantedPeer[] = [];
  network.transport = (): Transport => {
    const transport = make();
    const want = transport.want.bind(transport);
    transport.want = (peers) => {
      wanted = peers;
      want(peers);
    };
    return transport;
  };
  await person.restart();
  network.transport = make;
  return () => wanted;
}
