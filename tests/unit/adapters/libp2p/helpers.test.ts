/** On which peers this device reserves, and when again. */
import type { PeerId } from "@libp2p/interface";
import { expect, test } from "vitest";
import { Helpers } from "../../../../src/adapters/libp2p/helpers.ts";
import { peerIdToPeerKey, peerKeyToPeerId } from "../../../../src/adapters/libp2p/addresses.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const key = (number: number) => number.toString(16).padStart(64, "0") as PeerKey;
const [BOB, CAROL, DAVE, ERIN] = [key(1), key(2), key(3), key(4)];

type RemovedListener = (event: CustomEvent<{ readonly relay: PeerId }>) => void;

/** The transport's store of reservations, with peers that grant them or not. */
class Granting {
  readonly refusing = new Set<PeerKey>();
  readonly held = new Set<PeerKey>();
  readonly asked: PeerKey[] = [];
  #onRemoved: RemovedListener = () => undefined;

  readonly reservations = {
    get: () => undefined,
    delete: (relay: PeerId): void => void this.held.delete(this.#keyOf(relay)),
  };

  addRelay(relay: PeerId): Promise<unknown> {
    const peer = this.#keyOf(relay);
    this.asked.push(peer);
    if (this.refusing.has(peer)) return Promise.reject(new Error("permission denied"));
    this.held.add(peer);
    return Promise.resolve();
  }

  hasReservation(relay: PeerId): boolean {
    return this.held.has(this.#keyOf(relay));
  }

  addEventListener(_type: "relay:removed", listener: RemovedListener): void {
    this.#onRemoved = listener;
  }

  /** As when the connection below is lost. */
  lose(peer: PeerKey): void {
    this.held.delete(peer);
    this.#onRemoved(new CustomEvent("relay:removed", { detail: { relay: peerKeyToPeerId(peer) } }));
  }

  #keyOf(relay: PeerId): PeerKey {
    const peer = peerIdToPeerKey(relay);
    if (peer === undefined) throw new Error("no Ed25519 key");
    return peer;
  }
}

function scene() {
  const clock = new ManualClock();
  const reservations = new Granting();
  const linked = new Set<PeerKey>();
  let changes = 0;
  const helpers = new Helpers({
    node: { reservations },
    clock,
    random: () => 0,
    isLinked: (peer) => linked.has(peer),
    onChange: () => {
      changes += 1;
    },
  });
  const link = async (...peers: readonly PeerKey[]): Promise<void> => {
    for (const peer of peers) linked.add(peer);
    helpers.step();
    await clock.advance(1);
  };
  const unlink = (peer: PeerKey): void => {
    linked.delete(peer);
    helpers.step();
  };
  return { clock, reservations, helpers, link, unlink, changes: () => changes };
}

test("reserves on peers that relay for it, once they are linked directly", async () => {
  const { helpers, reservations, link, changes } = scene();
  helpers.offer([BOB]);
  expect(reservations.asked).toEqual([]);
  await link(BOB, CAROL);
  expect(helpers.held()).toEqual([BOB]);
  expect([helpers.has(BOB), helpers.has(CAROL)]).toEqual([true, false]);
  expect(changes()).toBe(1);
});

test("asks three of many, and another one when one goes", async () => {
  const { helpers, link, unlink, clock } = scene();
  helpers.offer([BOB, CAROL, DAVE, ERIN]);
  await link(BOB, CAROL, DAVE, ERIN);
  expect(helpers.held()).toEqual([BOB, CAROL, DAVE]);
  unlink(CAROL);
  await clock.advance(1);
  expect(helpers.held()).toEqual([BOB, DAVE, ERIN]);
  expect(helpers.has(CAROL)).toBe(false);
});

test("a peer that refuses is asked more and more rarely, and others take its place", async () => {
  const { helpers, reservations, link, clock } = scene();
  reservations.refusing.add(BOB);
  helpers.offer([BOB, CAROL, DAVE, ERIN]);
  await link(BOB, CAROL, DAVE, ERIN);
  await clock.advance(10_000);
  expect(helpers.held()).toEqual([CAROL, DAVE, ERIN]);
  const asked = reservations.asked.filter((peer) => peer === BOB).length;
  await clock.advance(3_600_000);
  expect(reservations.asked.filter((peer) => peer === BOB).length - asked).toBeLessThan(70);
});

test("a reservation that is lost is taken again, and whoever says that it helps no more is let go", async () => {
  const { helpers, reservations, link, clock } = scene();
  helpers.offer([BOB]);
  await link(BOB);
  reservations.lose(BOB);
  expect(helpers.held()).toEqual([]);
  await clock.advance(2_000);
  expect(helpers.held()).toEqual([BOB]);
  helpers.offer([]);
  expect(helpers.held()).toEqual([]);
  expect(reservations.held.size).toBe(0);
  helpers.offer([BOB]);
  await clock.advance(1);
  expect(reservations.asked).toEqual([BOB, BOB, BOB]);
});
