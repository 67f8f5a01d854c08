/** A link over a pair of libp2p streams; what its circuit has carried is told by the test. */
import type { Connection, Stream } from "@libp2p/interface";
import { streamPair } from "@libp2p/utils";
import { multiaddr } from "@multiformats/multiaddr";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StreamLink } from "../../../../src/adapters/libp2p/link.ts";
import { Mailbox } from "../../../../src/adapters/libp2p/mailbox.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { LinkClosedError } from "../../../../src/core/transport/transport.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const GRANTED_BYTES = 1_000;
const HOLD_MS = 10_000;

let clock: ManualClock;
let near: Stream;
let far: Stream;
let carriedBytes: number;
let received: number[];
let due: number;

beforeEach(async () => {
  clock = new ManualClock();
  [near, far] = await streamPair();
  carriedBytes = 0;
  received = [];
  due = 0;
  far.addEventListener("message", ({ data }) => received.push(...data.subarray()));
});

afterEach(() => {
  near.abort(new Error("the test is over"));
  far.abort(new Error("the test is over"));
});

function openLink(isOpener = true): StreamLink {
  const connection = {
    remoteAddr: multiaddr("/ip4/127.0.0.1/tcp/1/ws/p2p-circuit"),
    timeline: { open: clock.now() },
    limits: {
      get bytes() {
        return BigInt(GRANTED_BYTES - carriedBytes);
      },
    },
  } as unknown as Connection;
  return new StreamLink({
    peer: "ab".repeat(32) as PeerKey,
    stream: near,
    connection,
    isOpener,
    clock,
    mailbox: new Mailbox(),
    isReplaced: () => false,
    onHeard: () => undefined,
    onEnd: () => undefined,
    onDue: () => {
      due += 1;
    },
  });
}

async function untilReceived(count: number): Promise<readonly number[]> {
  while (received.length < count) {
    await new Promise((resolve) => far.addEventListener("message", resolve, { once: true }));
  }
  return received;
}

describe("a link over a circuit", () => {
  test("sends while there is room, and becomes due at once when there is not", async () => {
    const link = openLink();
    await link.send(Uint8Array.of(1));
    expect(await untilReceived(1)).toEqual([1]);
    expect(due).toBe(0);
    carriedBytes = 500;
    const held = link.send(Uint8Array.of(2)).catch((error: unknown) => error);
    expect(due).toBe(1);
    link.abort("replaced");
    expect(await held).toBeInstanceOf(LinkClosedError);
    expect(received).toEqual([1]);
  });

  test("that the other end dialled waits a moment for that end to replace it", async () => {
    const link = openLink(false);
    carriedBytes = 500;
    const held = link.send(Uint8Array.of(1));
    await clock.advance(999);
    expect(due).toBe(0);
    await clock.advance(1);
    expect(due).toBe(1);
    await clock.advance(HOLD_MS);
    await held;
  });

  test("that nothing replaces is used up after all, in the order of writing", async () => {
    const link = openLink();
    carriedBytes = 500;
    const sent = [1, 2, 3].map(async (byte) => link.send(Uint8Array.of(byte)));
    await clock.advance(HOLD_MS - 1);
    expect(received).toEqual([]);
    await clock.advance(1);
    await Promise.all([...sent, link.send(Uint8Array.of(4))]);
    expect(await untilReceived(4)).toEqual([1, 2, 3, 4]);
  });

  test("that is closed while it is held says so to whoever waits", async () => {
    const link = openLink();
    carriedBytes = 500;
    const held = link.send(Uint8Array.of(1)).catch((error: unknown) => error);
    await link.close();
    expect(await held).toBeInstanceOf(LinkClosedError);
  });

  test("goes on for as long as the peer is heard", async () => {
    const link = openLink();
    carriedBytes = 600;
    const heard = new Promise((resolve) => near.addEventListener("message", resolve, { once: true }));
    far.send(Uint8Array.of(9));
    await heard;
    await link.send(Uint8Array.of(1));
    expect(await untilReceived(1)).toEqual([1]);
    expect(due).toBe(0);
  });

  test("is in doubt until its peer is heard, and says when that changes", async () => {
    const link = openLink();
    link.setDoubtful(true);
    link.setDoubtful(true);
    expect([link.isDoubtful, due]).toEqual([true, 1]);
    const heard = new Promise((resolve) => near.addEventListener("message", resolve, { once: true }));
    far.send(Uint8Array.of(9));
    await heard;
    expect([link.isDoubtful, due]).toEqual([false, 2]);
  });
});
