import { describe, expect, test } from "vitest";
import { createMemoryNetwork } from "../../../../src/adapters/memory/memory-transport.ts";
import { deferTransport } from "../../../../src/adapters/platform/deferred-transport.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import type { Transport, TransportHandlers } from "../../../../src/core/transport/transport.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { seededRandom } from "../../../support/seeded-random.ts";

const SEED = new Uint8Array(32);
const HANDLERS: TransportHandlers = {
  onLink: () => {
    throw new Error("nobody is there");
  },
  onPath: () => undefined,
  onReachability: () => undefined,
};

describe("a transport that is loaded by its start", () => {
  test("ends without a fault when it is stopped while it is being loaded", async () => {
    const clock = new ManualClock();
    let arrive: (transport: Transport) => void = () => undefined;
    const transport = deferTransport(clock, () => new Promise((resolve) => (arrive = resolve)));
    const started = transport.start(SEED, HANDLERS);
    await transport.stop();
    const network = createMemoryNetwork({ clock, random: seededRandom(1), peerKeyOf: () => "aa" as PeerKey });
    const late = network.transport();
    late.start = () => Promise.reject(new Error("started after it was stopped"));
    arrive(late);
    await expect(started).resolves.toBeUndefined();
  });

  test("ends without a fault when it is stopped between two tries", async () => {
    const clock = new ManualClock();
    let tries = 0;
    const transport = deferTransport(clock, () => {
      tries += 1;
      return Promise.reject(new TypeError("no network"));
    });
    const started = transport.start(SEED, HANDLERS);
    await clock.advance(2_000);
    await transport.stop();
    await expect(started).resolves.toBeUndefined();
    expect(tries).toBeGreaterThan(1);
  });

  test("tells of a program that cannot be loaded", async () => {
    const transport = deferTransport(new ManualClock(), () => Promise.reject(new SyntaxError("not a program")));
    await expect(transport.start(SEED, HANDLERS)).rejects.toThrow("not a program");
  });
});
