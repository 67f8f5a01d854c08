/** Reservations with several at once, over real connections. */
import { identify } from "@libp2p/identify";
import { noise } from "@libp2p/noise";
import { webSockets } from "@libp2p/websockets";
import { yamux } from "@libp2p/yamux";
import { createLibp2p } from "libp2p";
import { expect, test } from "vitest";
import { guardedCircuits } from "../../../../src/adapters/libp2p/helper-circuits.ts";
import type { NodeComponents, ReservationStore } from "../../../../src/adapters/libp2p/node.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { RelayingTab } from "../../../support/relaying-tab.ts";

const RULES = { isOn: true, bytesLeft: 1_000_000 };

test("asking several at once, each gets its answer", { timeout: 30_000 }, async () => {
  const inner: { reservations?: ReservationStore } = {};
  const tabs = await Promise.all(Array.from({ length: 4 }, () => RelayingTab.start(new ManualClock())));
  const alice = await createLibp2p({
    transports: [
      webSockets(),
      (components: NodeComponents) => {
        const transport = guardedCircuits({ directTo: () => undefined, mayBring: () => true })(components);
        inner.reservations = (transport as unknown as { readonly reservationStore: ReservationStore }).reservationStore;
        return transport;
      },
    ],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    services: { identify: identify() },
  });
  try {
    for (const tab of tabs) {
      tab.relaying.setRules(RULES);
      await alice.dial(tab.address);
    }
    await Promise.all(tabs.map(async ({ node }) => inner.reservations?.addRelay(node.peerId, "configured")));
    for (const { node } of tabs) expect(inner.reservations?.hasReservation(node.peerId)).toBe(true);
  } finally {
    await Promise.all([alice.stop(), ...tabs.map(async (tab) => tab.stop())]);
  }
});
