/** When this device asks a relay to be reachable, and when others may be dialled: over a node that notes what it is asked. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseRelays, peerKeyToPeerId } from "../../../../src/adapters/libp2p/addresses.ts";
import type { Heartbeat } from "../../../../src/adapters/libp2p/heartbeat.ts";
import type { Node } from "../../../../src/adapters/libp2p/node.ts";
import { Reservations } from "../../../../src/adapters/libp2p/reservations.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const RELAY = `/dns4/r1.example/tcp/443/wss/p2p/${peerKeyToPeerId("1".repeat(64) as PeerKey).toString()}`;

let clock: ManualClock;
let done: string[];
let connect: () => void;
let reserve: () => void;
let reservations: Reservations;

beforeEach(() => {
  clock = new ManualClock();
  done = [];
  let isReserved = false;
  const node = {
    connections: {
      openConnection: () =>
        new Promise<void>((resolve) => {
          connect = resolve;
        }),
    },
    reservations: {
      addEventListener: () => undefined,
      addRelay: () => {
        done.push("asked for a reservation");
        return new Promise<void>((resolve) => {
          reserve = () => {
            isReserved = true;
            resolve();
          };
        });
      },
      hasReservation: () => isReserved,
    },
  } as unknown as Node;
  reservations = new Reservations({
    node,
    relays: parseRelays([RELAY], false, 1),
    clock,
    random: () => 0.5,
    heartbeat: {} as Heartbeat,
    onChange: (gained) => void (gained === undefined || done.push(`has ${gained.text}`)),
  });
  void reservations.firstRoundOver.then(() => done.push("peers may be dialled"));
});

afterEach(() => reservations.pause());

test("peers are dialled behind the request for a reservation, without waiting for its answer", async () => {
  reservations.resume();
  await clock.advance(0);
  expect(done).toEqual([]);
  connect();
  await clock.advance(0);
  expect(done).toEqual(["asked for a reservation", "peers may be dialled"]);
  reserve();
  await clock.advance(0);
  expect(done.slice(2)).toEqual([`has ${RELAY}`]);
});
