import { describe, expect, it } from "vitest";
import {
  createMemoryNetwork,
  type MemoryNetwork,
  type MemoryNetworkOptions,
} from "../../../src/adapters/memory/memory-transport.ts";
import type { PeerKey } from "../../../src/core/codec/ids.ts";
import { LinkClosedError, type Link, type Transport } from "../../../src/core/transport/transport.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { RecordingHandlers } from "../../support/recording-handlers.ts";
import { seededRandom } from "../../support/seeded-random.ts";

const RELAY = "/memory/relay";

interface Peer {
  readonly key: PeerKey;
  readonly transport: Transport;
  readonly heard: RecordingHandlers;
}

function hexOf(seed: Uint8Array): PeerKey {
  return [...seed].map((byte) => byte.toString(16).padStart(2, "0")).join("") as PeerKey;
}

class Scene {
  readonly clock = new ManualClock();
  readonly network: MemoryNetwork;

  constructor(options: Partial<MemoryNetworkOptions> = {}) {
    this.network = createMemoryNetwork({ clock: this.clock, random: seededRandom(1), peerKeyOf: hexOf, ...options });
  }

  async join(number: number): Promise<Peer> {
    const seed = new Uint8Array(32).fill(number);
    const peer = { key: hexOf(seed), transport: this.network.transport(), heard: new RecordingHandlers() };
    await peer.transport.start(seed, peer.heard);
    return peer;
  }

  /** Alice and bob, who want each other, with their first link. */
  async pair(): Promise<readonly [Peer, Peer]> {
    const alice = await this.join(1);
    const bob = await this.join(2);
    want(alice, bob);
    want(bob, alice);
    await this.clock.until(() => alice.heard.open.length > 0 && bob.heard.open.length > 0);
    return [alice, bob];
  }
}

function want(who: Peer, whom: Peer, allowDirect = true): void {
  who.transport.want([{ peer: whom.key, relays: [], allowDirect }]);
}

function lastPath(who: Peer): string | undefined {
  return who.heard.paths.at(-1)?.kind;
}

function onlyLink(who: Peer): Link {
  expect(who.heard.open).toHaveLength(1);
  const record = who.heard.open[0];
  if (record === undefined) throw new Error("No link is open");
  return record.link;
}

describe("the memory network", () => {
  it("is online once a relay confirmed, and says why when it is not", async () => {
    const scene = new Scene();
    const alice = await scene.join(1);
    await scene.clock.advance(1_000);
    scene.network.setRelay(RELAY, false);
    await scene.clock.advance(1_000);
    alice.transport.setOnline(false);
    await scene.clock.advance(1_000);
    expect(alice.heard.reachability).toEqual(["connecting", "online", "connecting", "offline"]);
  });

  it("gives two peers that want each other one link with two different ends", async () => {
    const scene = new Scene();
    const [alice, bob] = await scene.pair();
    await scene.clock.advance(10_000);
    expect(onlyLink(alice).peer).toBe(bob.key);
    expect(onlyLink(bob).peer).toBe(alice.key);
    expect(onlyLink(alice).isOpener).not.toBe(onlyLink(bob).isOpener);
    expect(lastPath(alice)).toBe("direct");
    expect(lastPath(bob)).toBe("direct");
  });

  it("delivers all bytes in order, in other pieces than they were sent", async () => {
    const scene = new Scene({ maxPieceBytes: 10 });
    const [alice, bob] = await scene.pair();
    const sent = Array.from({ length: 500 }, (_, index) => index % 251);
    for (let start = 0; start < sent.length; start += 50) {
      await onlyLink(alice).send(Uint8Array.from(sent.slice(start, start + 50)));
    }
    await scene.clock.advance(1_000);
    expect(bob.heard.links[0]?.received).toEqual(sent);
  });

  it("makes a sender wait while the window is full", async () => {
    const scene = new Scene({ windowBytes: 100 });
    const [alice] = await scene.pair();
    await onlyLink(alice).send(new Uint8Array(100));
    let isAccepted = false;
    const waiting = onlyLink(alice)
      .send(new Uint8Array(1))
      .then(() => (isAccepted = true));
    await scene.clock.advance(0);
    expect(isAccepted).toBe(false);
    await scene.clock.advance(1_000);
    await waiting;
  });

  it("hands over what was sent before a close, then closes both ends", async () => {
    const scene = new Scene();
    const [alice, bob] = await scene.pair();
    const link = onlyLink(alice);
    await link.send(Uint8Array.of(1, 2, 3));
    alice.transport.want([]);
    await scene.clock.advance(1_000);
    expect(bob.heard.links[0]).toMatchObject({ received: [1, 2, 3], isClosed: true });
    expect(alice.heard.links[0]?.isClosed).toBe(true);
  });

  it("rejects sending over a closed link", async () => {
    const scene = new Scene();
    const [alice] = await scene.pair();
    const link = onlyLink(alice);
    await link.close();
    await link.close();
    await expect(link.send(new Uint8Array(1))).rejects.toBeInstanceOf(LinkClosedError);
  });

  it("loses a cut line at once, notices later, and links again when healed", async () => {
    const scene = new Scene();
    const [alice, bob] = await scene.pair();
    scene.network.cut(alice.key, bob.key);
    await onlyLink(alice).send(Uint8Array.of(1));
    await scene.clock.advance(1_000);
    expect(bob.heard.links[0]?.received).toEqual([]);
    expect(alice.heard.open).toHaveLength(1);
    await scene.clock.advance(30_000);
    expect(alice.heard.open).toHaveLength(0);
    expect(lastPath(alice)).toBe("away");
    scene.network.heal(alice.key, bob.key);
    await scene.clock.until(() => alice.heard.open.length === 1, 120_000);
    expect(alice.heard.links).toHaveLength(2);
  });

  it("dials at once after a wake-up instead of after the back-off", async () => {
    const scene = new Scene();
    const [alice, bob] = await scene.pair();
    scene.network.setOffline(alice.key, true);
    await scene.clock.advance(120_000);
    expect(lastPath(alice)).toBe("away");
    scene.network.setOffline(alice.key, false);
    alice.transport.wake();
    await scene.clock.advance(1_000);
    expect(alice.heard.open).toHaveLength(1);
    expect(bob.heard.open).toHaveLength(1);
  });

  it("reaches a peer over a relay when no direct link can be made", async () => {
    const scene = new Scene();
    const alice = await scene.join(1);
    const bob = await scene.join(2);
    scene.network.setDirect(alice.key, bob.key, false);
    want(alice, bob);
    await scene.clock.advance(5_000);
    expect(onlyLink(alice).path).toEqual({ kind: "relay", relay: RELAY });
    scene.network.setRelay(RELAY, false);
    await scene.clock.advance(60_000);
    expect(lastPath(alice)).toBe("away");
  });

  it("links to somebody who does not want it only over a relay", async () => {
    const scene = new Scene();
    const mallory = await scene.join(1);
    const bob = await scene.join(2);
    want(mallory, bob);
    await scene.clock.advance(60_000);
    expect(onlyLink(mallory).path.kind).toBe("relay");
  });

  it("refuses a peer for a time", async () => {
    const scene = new Scene();
    const mallory = await scene.join(1);
    const bob = await scene.join(2);
    want(mallory, bob);
    await scene.clock.advance(5_000);
    bob.transport.refuse(mallory.key, 60_000);
    await scene.clock.advance(50_000);
    expect(mallory.heard.open).toHaveLength(0);
    expect(bob.heard.open).toHaveLength(0);
    await scene.clock.advance(60_000);
    expect(mallory.heard.open).toHaveLength(1);
  });

  it("keeps a blocked peer away until it is blocked no more, wanted or not", async () => {
    const scene = new Scene();
    const mallory = await scene.join(1);
    const bob = await scene.join(2);
    want(mallory, bob);
    want(bob, mallory);
    await scene.clock.advance(5_000);
    expect(bob.heard.open.length).toBeGreaterThan(0);
    bob.transport.block([mallory.key]);
    await scene.clock.advance(300_000);
    expect(mallory.heard.open).toHaveLength(0);
    expect(bob.heard.open).toHaveLength(0);
    bob.transport.block([]);
    await scene.clock.advance(120_000);
    expect(mallory.heard.open).toHaveLength(1);
  });

  it("climbs from a relay to a direct link by a second link", async () => {
    const scene = new Scene({ startsOnRelay: true });
    const [alice] = await scene.pair();
    expect(onlyLink(alice).path.kind).toBe("relay");
    await scene.clock.advance(10_000);
    expect(alice.heard.open.map((record) => record.link.path.kind)).toEqual(["relay", "direct"]);
    expect(lastPath(alice)).toBe("direct");
  });

  it("adds links on demand, up to four", async () => {
    const scene = new Scene();
    const [alice, bob] = await scene.pair();
    for (let round = 0; round < 6; round += 1) scene.network.renew(alice.key, bob.key);
    await scene.clock.advance(1_000);
    expect(alice.heard.open).toHaveLength(4);
    expect(scene.network.paths(alice.key, bob.key)).toHaveLength(4);
  });

  it("never calls a handler from inside another", async () => {
    const scene = new Scene({ maxPieceBytes: 3 });
    const alice = await scene.join(1);
    const bob = await scene.join(2);
    alice.heard.reaction = (link) => {
      alice.transport.want([{ peer: bob.key, relays: [RELAY], allowDirect: true }]);
      alice.transport.setOnline(true);
      link.send(Uint8Array.of(1)).catch(() => undefined);
      if (alice.heard.links[0]?.received.length === 30) link.close().catch(() => undefined);
    };
    bob.heard.reaction = (link) => void link.send(Uint8Array.of(2)).catch(() => undefined);
    want(alice, bob);
    want(bob, alice);
    await scene.clock.advance(10_000);
    expect(alice.heard.links.length).toBeGreaterThan(1);
    expect(alice.heard.isReentered || bob.heard.isReentered).toBe(false);
  });

  it("tells the others at once when a node stops, and later when it crashes", async () => {
    const scene = new Scene();
    const [alice, bob] = await scene.pair();
    await alice.transport.stop();
    await alice.transport.stop();
    await scene.clock.advance(200);
    expect(alice.heard.open).toHaveLength(0);
    expect(bob.heard.open).toHaveLength(0);

    const again = await scene.join(1);
    want(again, bob);
    await scene.clock.until(() => bob.heard.open.length === 1, 120_000);
    scene.network.crash(again.key);
    await scene.clock.advance(200);
    expect(bob.heard.open).toHaveLength(1);
    await scene.clock.advance(10_000);
    expect(bob.heard.open).toHaveLength(0);
    expect(again.heard.open).toHaveLength(1);
  });

  it("repeats the same course of events for the same seed", async () => {
    const courses = [];
    for (let run = 0; run < 2; run += 1) {
      const scene = new Scene({ random: seededRandom(99), maxPieceBytes: 9 });
      const [alice, bob] = await scene.pair();
      const times: number[] = [];
      bob.heard.reaction = () => times.push(scene.clock.monotonic());
      for (let round = 0; round < 5; round += 1) await onlyLink(alice).send(new Uint8Array(40));
      scene.network.drop(alice.key, bob.key);
      await scene.clock.advance(60_000);
      courses.push({ times, alice: alice.heard.paths, bob: bob.heard.paths });
    }
    expect(courses[0]).toEqual(courses[1]);
  });
});
