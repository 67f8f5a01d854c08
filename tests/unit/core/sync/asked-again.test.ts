/** A peer that asks again for what it could not take, while what follows is on its way to it already. */
import { expect, test } from "vitest";
import type { ConversationId, DeviceId, PeerKey } from "../../../../src/core/codec/ids.ts";
import { logName, type LogState } from "../../../../src/core/log/log-state.ts";
import type { ServedEntry } from "../../../../src/core/log/serve.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import type { SyncHost } from "../../../../src/core/sync/host.ts";
import type { SharedWants } from "../../../../src/core/sync/number-exchange.ts";
import { encodeHello, encodeWant, type Greet } from "../../../../src/core/sync/payloads.ts";
import type { PeerLink } from "../../../../src/core/sync/peer-link.ts";
import { Session } from "../../../../src/core/sync/session.ts";

const CONVERSATION = "c0".repeat(32) as ConversationId;
const GINA = "91".repeat(16) as DeviceId;
const HAL = "aa".repeat(32) as PeerKey;
const GREET = { nonce: new Uint8Array(16) } as Greet;
const SHARED = {} as SharedWants;
const LEVEL = new Uint8Array(32);
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Somebody who has Gina's log up to a height, in a live session with Hal. */
async function live() {
  let height = 0;
  let drained = (): void => undefined;
  let isFull = false;
  const sent: number[] = [];
  const entry = (seq: number): ServedEntry => {
    const parts = { header: new Uint8Array(1), signature: new Uint8Array(64), body: new Uint8Array([seq]) };
    return { device: GINA, channel: 0, seq, parts };
  };
  const logs = (): ReadonlyMap<string, LogState> => {
    const row = { height, base: 0 } as LogState["row"];
    return new Map([[logName(GINA, 0), { device: GINA, channel: 0, row }]]);
  };
  const host = {
    ownPeer: "bb".repeat(32),
    mac: () => LEVEL,
    digest: () => LEVEL,
    readLogs: () => Promise.resolve(logs()),
    statements: () => ({ all: [], digest: new Uint8Array(8) }),
    digestOfNumbers: () => new Uint8Array(8),
    deviceListsHeld: () => undefined,
    isGroup: () => true,
    mayTake: () => true,
    onReady: () => undefined,
    onSent: () => undefined,
    deviceOfPeer: () => undefined,
    readBatches: (_: ConversationId, [missing]: readonly { after: number }[]) => {
      const from = (missing?.after ?? height) + 1;
      return Promise.resolve([Array.from({ length: height - from + 1 }, (_unused, index) => entry(from + index))]);
    },
  } as unknown as SyncHost;
  const link = {
    peer: HAL,
    path: { kind: "direct" },
    isClosed: false,
    isCongested: false,
    send: (type: number, _session: number, payload: Uint8Array) => {
      if (type === FRAME.entry) sent.push(payload.at(-1) ?? 0);
    },
    drained: () => (isFull ? new Promise<void>((resolve) => (drained = resolve)) : Promise.resolve()),
  } as unknown as PeerLink;
  const session = new Session(
    host,
    link,
    { own: GREET, remote: GREET, shared: SHARED },
    CONVERSATION,
    1,
    () => undefined,
  );
  const hello = encodeHello({ tag: LEVEL, digest: LEVEL, statements: new Uint8Array(8) });
  await session.answerHello({ type: FRAME.hello, session: 1, payload: hello });
  await settle();
  return {
    session,
    sent,
    /** Gina's log has grown here. */
    async grow(to: number) {
      height = to;
      void session.pump();
      await settle();
    },
    fill: () => (isFull = true),
    async drain() {
      isFull = false;
      drained();
      await settle();
    },
  };
}

test("what it asks for again comes, and nothing with a gap before it", async () => {
  const { session, sent, grow, fill, drain } = await live();
  await grow(3);
  expect(sent).toEqual([1, 2, 3]);
  // The next batch is read, and waits for room.
  fill();
  await grow(5);
  expect(sent).toEqual([1, 2, 3]);
  const payload = encodeWant([{ device: GINA, channel: 0, from: 2, to: 3 }]);
  await session.onFrames([{ type: FRAME.wantAgain, session: 1, payload }]);
  await drain();
  expect(sent).toEqual([1, 2, 3, 2, 3, 4, 5]);
});
