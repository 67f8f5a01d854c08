/** When a ladder offers the direct link. */
import type { Connection } from "@libp2p/interface";
import type { Multiaddr } from "@multiformats/multiaddr";
import { expect, test } from "vitest";
import { parseRelays } from "../../../../src/adapters/libp2p/addresses.ts";
import { Ladder, type LadderContext } from "../../../../src/adapters/libp2p/ladder.ts";
import type { StreamLink } from "../../../../src/adapters/libp2p/link.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const BOB = "1".padStart(64, "0") as PeerKey;
const RELAY = "/ip4/127.0.0.1/tcp/4174/ws/p2p/12D3KooWLeBRGYLXzjVWUtzkdnpd6LR6ecSBtHZcmxqJFUVBGRfQ";

interface Scene {
  readonly isSmaller: boolean;
  readonly allowDirect: boolean;
  /** Links that are there before. */
  readonly held?: readonly Partial<StreamLink>[];
}

/** Circuits stand at once, and the link on them never opens. Answers what was dialled. */
async function dialled({ isSmaller, allowDirect, held = [] }: Scene) {
  const dials: string[] = [];
  let onOpening = (): void => undefined;
  const opening = new Promise<void>((resolve) => {
    onOpening = resolve;
  });
  const links = {
    of: () => held,
    directTo: () => undefined,
    isSmaller: () => isSmaller,
    open: () => {
      onOpening();
      return new Promise<void>(() => undefined);
    },
  };
  const context = {
    node: {
      transports: {
        dial: (address: Multiaddr) => {
          dials.push(address.toString().includes("/webrtc/") ? "direct" : "circuit");
          return Promise.resolve({} as Connection);
        },
      },
      connections: { getConnections: () => [] },
    },
    links,
    gate: { isRefused: () => false, mayGoDirect: () => true },
    clock: new ManualClock(),
    random: () => 0.5,
    ownRelays: () => [],
    hasNetwork: () => true,
    mayDial: () => Promise.resolve(),
    onPath: () => undefined,
  } as unknown as LadderContext;
  const ladder = new Ladder(
    BOB,
    { relays: parseRelays([RELAY], true, 1), helpers: [], mayHelp: [], allowDirect },
    context,
  );
  ladder.step();
  await opening;
  ladder.stop();
  return dials;
}

test("the smaller key offers a direct link as soon as a circuit stands, before the link on it is open", async () => {
  expect(await dialled({ isSmaller: true, allowDirect: true })).toEqual(["circuit", "direct"]);
});

test("the larger key waits for that offer", async () => {
  expect(await dialled({ isSmaller: false, allowDirect: true })).toEqual(["circuit"]);
});

test("nobody who may not learn addresses is offered a direct link", async () => {
  expect(await dialled({ isSmaller: true, allowDirect: false })).toEqual(["circuit"]);
});

test("beside a link on which nobody answers no offer is made before there is another one", async () => {
  const held = [{ path: { kind: "relay", relay: RELAY }, isDue: false, isDoubtful: true }] as const;
  expect(await dialled({ isSmaller: true, allowDirect: true, held })).toEqual(["circuit"]);
});
