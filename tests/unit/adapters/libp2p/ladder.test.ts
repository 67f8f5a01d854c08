/** When a peer is dialled, and how: a ladder over a node that notes every dial and lets all of them fail. */
import type { Multiaddr } from "@multiformats/multiaddr";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseRelays, peerKeyToPeerId, type RelayAddress } from "../../../../src/adapters/libp2p/addresses.ts";
import type { Gate } from "../../../../src/adapters/libp2p/gate.ts";
import { Ladder, type LadderContext } from "../../../../src/adapters/libp2p/ladder.ts";
import type { StreamLink } from "../../../../src/adapters/libp2p/link.ts";
import type { Links } from "../../../../src/adapters/libp2p/links.ts";
import type { Node } from "../../../../src/adapters/libp2p/node.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const BOB = "b".repeat(64) as PeerKey;
const relayNamed = (digit: string): string =>
  `/dns4/r${digit}.example/tcp/443/wss/p2p/${peerKeyToPeerId(digit.repeat(64) as PeerKey).toString()}`;
const RELAY = relayNamed("1");
/** Long enough for the tries of a direct link to have become rare. */
const RARE_AFTER_MS = 600_000;
const RARELY_MS = 60_000;

let clock: ManualClock;
let held: Partial<StreamLink>[];
let dialled: string[];
let addresses: string[];
let context: LadderContext;
let ladder: Ladder;

beforeEach(() => {
  clock = new ManualClock();
  held = [];
  dialled = [];
  addresses = [];
  const dial = (address: Multiaddr): Promise<never> => {
    addresses.push(address.toString());
    dialled.push(address.toString().includes("/p2p-circuit") ? "circuit" : "direct");
    return Promise.reject(new Error("nothing is reached here"));
  };
  context = {
    clock,
    node: { transports: { dial }, connections: { getConnections: () => [] } } as unknown as Node,
    links: { of: () => held, directTo: () => undefined, isSmaller: () => true } as unknown as Links,
    gate: { isRefused: () => false, mayGoDirect: () => true } as unknown as Gate,
    random: () => 0.5,
    ownRelays: () => [],
    hasNetwork: () => true,
    mayDial: () => Promise.resolve(),
    onPath: () => undefined,
  };
  ladder = new Ladder(
    BOB,
    { relays: parseRelays([RELAY], false, 1), helpers: [], mayHelp: [], allowDirect: true },
    context,
  );
});

afterEach(() => ladder.stop());

function ownRelay(): RelayAddress {
  const [relay] = parseRelays([RELAY], false, 1);
  if (relay === undefined) throw new Error("no relay");
  return relay;
}

/** A ladder whose dials never end by themselves, over these connections to the relay. Its answer grows with every dial. */
function dialsThatWait(open: readonly { readonly id: string }[]): readonly AbortSignal[] {
  const signals: AbortSignal[] = [];
  const dial = (_address: Multiaddr, { signal }: { readonly signal: AbortSignal }): Promise<never> => {
    signals.push(signal);
    return new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("ended"))));
  };
  const node = { transports: { dial }, connections: { getConnections: () => open } } as unknown as Node;
  ladder = new Ladder(BOB, { relays: [ownRelay()], helpers: [], mayHelp: [], allowDirect: true }, { ...context, node });
  return signals;
}

/** Linked through the relay for long, and what was dialled until then forgotten. */
async function relayedForLong(): Promise<void> {
  held = [{ path: { kind: "relay", relay: RELAY }, isDue: false, isDoubtful: false }];
  ladder.step();
  await clock.advance(RARE_AFTER_MS);
  dialled = [];
}

test("who is relayed tries the direct link more and more rarely", async () => {
  await relayedForLong();
  await clock.advance(RARE_AFTER_MS);
  expect(dialled.length).toBeGreaterThan(2);
  expect(dialled.length).toBeLessThan(RARE_AFTER_MS / RARELY_MS);
});

test.each([
  ["the peer is heard", () => ladder.onHeard()],
  ["a relay has this device again", () => ladder.onReserved(ownRelay())],
])("a sign (%s) brings the next try of the direct link forward", async (_what, tell) => {
  await relayedForLong();
  await clock.advance(2_000);
  const before = dialled.length;
  tell();
  await clock.advance(500);
  expect(dialled.slice(before)).toEqual(["direct"]);
});

test("a circuit that was asked of the relay right behind the reservation is let finish", async () => {
  const open = [{ id: "connection" }];
  const signals = dialsThatWait(open);
  ladder.step();
  await clock.advance(0);
  ladder.onReserved(ownRelay());
  await clock.advance(0);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

test("a dial that hangs on an old connection to a relay is begun anew when the relay has this device again", async () => {
  const open = [{ id: "old" }];
  const signals = dialsThatWait(open);
  ladder.step();
  await clock.advance(0);
  open.splice(0, 1, { id: "new" });
  ladder.onReserved(ownRelay());
  await clock.advance(0);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
});

test("a peer that talks without end brings on a few tries, not one with every word", async () => {
  await relayedForLong();
  for (let second = 0; second < 60; second += 1) {
    ladder.onHeard();
    await clock.advance(1_000);
  }
  expect(dialled.length).toBeGreaterThanOrEqual(4);
  expect(dialled.length).toBeLessThanOrEqual(7);
});

test("a link in doubt has a circuit dialled beside it, until it is heard after all", async () => {
  const direct = { path: { kind: "direct" }, isDue: false, isDoubtful: false } as const;
  held = [direct];
  ladder.step();
  await clock.advance(RARE_AFTER_MS);
  expect(dialled).toEqual([]);
  held = [{ ...direct, isDoubtful: true }];
  ladder.step();
  await clock.advance(2_000);
  expect(new Set(dialled)).toEqual(new Set(["circuit"]));
  held = [direct];
  ladder.step();
  dialled = [];
  await clock.advance(RARE_AFTER_MS);
  expect(dialled).toEqual([]);
});

test("what led there before a start is dialled first", async () => {
  const relays = ["1", "2", "3"].map(relayNamed);
  const lastWay = { kind: "relay", relay: relayNamed("3") } as const;
  ladder = new Ladder(
    BOB,
    { relays: parseRelays(relays, false, 3), helpers: [], mayHelp: [], allowDirect: true, lastWay },
    context,
  );
  ladder.step();
  await clock.advance(100);
  expect(addresses.slice(0, 3).map((address) => /r(\d)/.exec(address)?.[1])).toEqual(["3", "1", "2"]);
});
