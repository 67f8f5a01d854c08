/** Which links to one peer stand beside each other, over pairs of libp2p streams. */
import type { Connection, Stream } from "@libp2p/interface";
import { streamPair } from "@libp2p/utils";
import { multiaddr } from "@multiformats/multiaddr";
import { afterEach, beforeEach, expect, test } from "vitest";
import { peerKeyToPeerId } from "../../../../src/adapters/libp2p/addresses.ts";
import type { Gate } from "../../../../src/adapters/libp2p/gate.ts";
import type { Heartbeat } from "../../../../src/adapters/libp2p/heartbeat.ts";
import { Links } from "../../../../src/adapters/libp2p/links.ts";
import { Mailbox } from "../../../../src/adapters/libp2p/mailbox.ts";
import type { PeerKey } from "../../../../src/core/codec/ids.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const ALICE = "a".repeat(64) as PeerKey;
const BOB = "b".repeat(64) as PeerKey;

let clock: ManualClock;
let ending: AbortController;
let links: Links;
let streams: Stream[];

beforeEach(() => {
  clock = new ManualClock();
  ending = new AbortController();
  streams = [];
  links = new Links({
    ownKey: ALICE,
    clock,
    gate: { isRefused: () => false } as unknown as Gate,
    // Whoever is asked answers.
    heartbeat: { check: () => Promise.resolve(true) } as unknown as Heartbeat,
    mailbox: new Mailbox(),
    signal: ending.signal,
    onLink: () => ({ onData: () => undefined, onClose: () => undefined }),
    onChange: () => undefined,
    onHeard: () => undefined,
  });
});

afterEach(() => {
  ending.abort();
  for (const stream of streams) stream.abort(new Error("the test is over"));
});

/** Bob opens a link of this kind. Returns his end. */
async function comes(kind: "direct" | "relay"): Promise<Stream> {
  const [near, far] = await streamPair();
  streams.push(near, far);
  const connection = {
    remotePeer: peerKeyToPeerId(BOB),
    direction: "inbound",
    remoteAddr: multiaddr("/ip4/127.0.0.1/tcp/1/ws/p2p-circuit"),
    multiplexer: kind === "direct" ? "/webrtc" : "/yamux/1.0.0",
    timeline: { open: clock.now() },
    close: () => Promise.resolve(),
    abort: (error: Error) => near.abort(error),
  } as unknown as Connection;
  links.accept(near, connection);
  await clock.advance(0);
  return far;
}

const kinds = (): readonly string[] => links.of(BOB).map(({ path }) => path.kind);

test("beside a direct link no circuit is taken, as long as that lives", async () => {
  await comes("direct");
  await comes("relay");
  expect(kinds()).toEqual(["direct"]);
});

test("beside a direct link in doubt a circuit is taken, and the direct one ends once the peer is heard there", async () => {
  await comes("direct");
  links.of(BOB)[0]?.setDoubtful(true);
  const circuit = await comes("relay");
  expect(kinds()).toEqual(["direct", "relay"]);
  expect(links.directTo(BOB)).toBeDefined();
  circuit.send(Uint8Array.of(1));
  await expect.poll(kinds).toEqual(["relay"]);
});
