import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ByteWriter } from "../../../../src/core/codec/byte-writer.ts";
import type { ConversationId } from "../../../../src/core/codec/ids.ts";
import type { EntryParts } from "../../../../src/core/log/entry.ts";
import { encodeFrame, FRAME } from "../../../../src/core/sync/frames.ts";
import {
  decodeHello,
  encodeEntryFrame,
  encodeGreet,
  encodeHave,
  encodeWant,
} from "../../../../src/core/sync/payloads.ts";
import { WINDOW_BYTES } from "../../../../src/core/sync/peer-link.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { RawPeer } from "../../../support/raw-peer.ts";

let world: CoreWorld;
let alice: CorePerson;
let mallory: RawPeer;

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

describe("of a stranger", () => {
  beforeEach(async () => {
    world = new CoreWorld();
    alice = await world.person("Alice");
    mallory = await RawPeer.start(world);
    await mallory.reach((await alice.identity()).peerKey);
  });

  test("anything before the greeting ends the link", async () => {
    await mallory.send(FRAME.hello, 1, new Uint8Array(72));
    expect(mallory.isConnected).toBe(false);
  });

  test("silence ends the link", async () => {
    await world.clock.advance(15_000);
    expect(mallory.isConnected).toBe(false);
  });

  test("a second greeting ends the link", async () => {
    await mallory.greet();
    expect(mallory.isConnected).toBe(true);
    await mallory.greet();
    expect(mallory.isConnected).toBe(false);
  });

  test("a frame longer than allowed ends the link at its header", async () => {
    await mallory.greet();
    await mallory.sendBytes(Uint8Array.of(200, 0, 0, 0, 0, 0xff, 0xff));
    expect(mallory.isConnected).toBe(false);
  });

  test("a greeting without an invite ends the link after ten seconds, and the peer is refused for a while", async () => {
    await mallory.greet();
    await world.clock.advance(9_000);
    expect(mallory.isConnected).toBe(true);
    await world.clock.advance(2_000);
    expect(mallory.isConnected).toBe(false);
    const links = mallory.links;
    await world.clock.advance(25_000);
    expect(mallory.links).toBe(links);
  });

  test("a hello gets the answer that an unknown conversation gets, and entries get none", async () => {
    await mallory.greet();
    mallory.takeTypes();
    await mallory.send(FRAME.hello, 1, new Uint8Array(72));
    expect(mallory.takeTypes()).toEqual([FRAME.unknownConversation]);
    await mallory.send(FRAME.entry, 1, new Uint8Array(200).fill(1));
    await mallory.send(FRAME.clock, 1, new Uint8Array(200));
    expect(mallory.takeTypes()).toEqual([]);
    expect(await alice.threads()).toEqual([]);
  });

  test("first-contact frames at the wrong time end the link, those that nobody waits for are ignored", async () => {
    await mallory.greet();
    await mallory.send(FRAME.refusal, 0, Uint8Array.of(1));
    expect(mallory.isConnected).toBe(true);
    await mallory.send(FRAME.welcome, 0, new Uint8Array(32));
    expect(mallory.isConnected).toBe(false);
  });

  test.each([FRAME.claim, FRAME.bundle, FRAME.proof, FRAME.request, FRAME.answer])(
    "a malformed frame of type %i ends the link",
    async (type) => {
      await mallory.greet();
      await mallory.send(type, 0, new Uint8Array(40));
      expect(mallory.isConnected).toBe(false);
    },
  );
});

describe("of a contact", () => {
  let conversation: ConversationId;
  let session: number;

  /** Mallory sits at Bob's keys and is level with Alice. */
  beforeEach(async () => {
    world = new CoreWorld();
    const [first, bob] = await world.pair();
    alice = first;
    const rows = await alice.store.read(["conversations"], (tx) => tx.range("conversations", {}));
    const [row] = rows;
    if (row === undefined) throw new Error("no conversation");
    conversation = row.value.id;
    mallory = await RawPeer.inPlaceOf(world, bob, alice);
  });

  /** Opens the session from whichever side it falls to, with the digest that Alice has. */
  async function level(): Promise<void> {
    const theirs = mallory.received.find(({ type }) => type === FRAME.hello);
    if (theirs === undefined) {
      session = 1;
      await mallory.send(FRAME.hello, session, mallory.hello(conversation, new Uint8Array(32)));
      const answer = decodeHello(mallory.lastOf(FRAME.hello).payload);
      expect(answer.digest).toHaveLength(32);
      await mallory.send(FRAME.have, session, encodeHave([]));
      await mallory.send(FRAME.want, session, encodeWant([]));
    } else {
      session = theirs.session;
      await mallory.send(FRAME.hello, session, mallory.hello(conversation, decodeHello(theirs.payload).digest));
    }
  }

  const junk = (body: number): EntryParts => ({
    header: new Uint8Array(200),
    signature: new Uint8Array(64),
    body: new Uint8Array(body),
  });
  const entry = (isLastOfBatch: boolean, body = 10): Uint8Array =>
    encodeEntryFrame({ isLastOfBatch, parts: junk(body) });

  test("more bytes than the window allows end the link", async () => {
    await level();
    const frame = encodeFrame({ type: FRAME.entry, session, payload: entry(false, 1_000) });
    for (let sent = 0; sent <= WINDOW_BYTES; sent += frame.length) mallory.queue(frame);
    await world.clock.advance(500);
    expect(mallory.isConnected).toBe(false);
  });

  test("credit for what was never sent ends the link, and so does credit taken back", async () => {
    await level();
    await mallory.credit(50_000_000);
    expect(mallory.isConnected).toBe(false);
  });

  test("credit that is no number ends the link", async () => {
    await mallory.send(FRAME.credit, 0, Uint8Array.of(1));
    expect(mallory.isConnected).toBe(false);
  });

  test("entries before hello are not taken", async () => {
    await mallory.send(FRAME.entry, 7, entry(true));
    expect(mallory.isConnected).toBe(true);
    const theirs = mallory.received.find(({ type }) => type === FRAME.hello);
    if (theirs === undefined) return;
    await mallory.send(FRAME.entry, theirs.session, entry(true));
    expect(mallory.isConnected).toBe(false);
  });

  test("entries that are malformed end the link and store nothing", async () => {
    await level();
    const before = alice.store.snapshot().trees.get("entries");
    await mallory.send(FRAME.entry, session, entry(true));
    expect(mallory.isConnected).toBe(false);
    expect(alice.store.snapshot().trees.get("entries")).toBe(before);
  });

  test("a batch of more than 256 entries ends the link", async () => {
    await level();
    for (let index = 0; index < 257; index += 1) {
      mallory.queue(encodeFrame({ type: FRAME.entry, session, payload: entry(index === 256) }));
    }
    await world.clock.advance(500);
    expect(mallory.isConnected).toBe(false);
  });

  test("a batch of more than 512 KiB ends the link", async () => {
    await level();
    for (let index = 0; index < 45; index += 1) {
      mallory.queue(encodeFrame({ type: FRAME.entry, session, payload: entry(false, 13_000) }));
    }
    await world.clock.advance(500);
    expect(mallory.isConnected).toBe(false);
  });

  test("a batch that another frame interrupts ends the link", async () => {
    await level();
    await mallory.send(FRAME.entry, session, entry(false));
    expect(mallory.isConnected).toBe(true);
    await mallory.send(FRAME.clock, session, new Uint8Array(10));
    expect(mallory.isConnected).toBe(false);
  });

  test("frames of unknown types and of unknown sessions are skipped", async () => {
    await level();
    await mallory.send(99, session, new Uint8Array(500));
    await mallory.send(255, 0, new Uint8Array(500));
    await mallory.send(FRAME.have, 4_711, encodeHave([]));
    await mallory.send(FRAME.entry, 4_711, entry(true));
    expect(mallory.isConnected).toBe(true);
    await alice.send("Bob", "still talking");
    await world.clock.advance(500);
    expect(mallory.lastOf(FRAME.entry).session).toBe(session);
  });

  test("a session number of the other side ends the link", async () => {
    const theirNumber = mallory.isOpener ? 2 : 1;
    await mallory.send(FRAME.hello, theirNumber + 40, mallory.hello(conversation, new Uint8Array(32)));
    expect(mallory.isConnected).toBe(false);
  });

  test("a hello for a conversation that is not shared is answered, and nothing more", async () => {
    mallory.takeTypes();
    const mine = mallory.isOpener ? 41 : 42;
    const other = "77".repeat(32) as ConversationId;
    await mallory.send(FRAME.hello, mine, mallory.hello(other, new Uint8Array(32)));
    expect(mallory.takeTypes()).toEqual([FRAME.unknownConversation]);
  });

  test("a statement that nobody signed ends the link", async () => {
    await level();
    const forged = new ByteWriter()
      .fixed(Uint8Array.from(Buffer.from(conversation, "hex")), 32)
      .fixed(Uint8Array.from(Buffer.from((await alice.identity()).device, "hex")), 16)
      .uint(900, 6)
      .uint(0, 2)
      .fixed(new Uint8Array(64), 64)
      .finish();
    await mallory.send(FRAME.clock, session, forged);
    expect(mallory.isConnected).toBe(false);
  });

  test("a greeting of a later version with more fields is understood", async () => {
    const later = await RawPeer.start(world);
    await later.reach((await alice.identity()).peerKey);
    const greet = encodeGreet({ nonce: later.nonce, relays: ["/memory/relay"] });
    const extended = new Uint8Array([...greet, 1, 2, 3]);
    extended[0] = 2;
    await later.send(FRAME.greet, 0, extended);
    expect(later.isConnected).toBe(true);
  });

  test("a peer that never gives credit gets no more than the window, and the app goes on", async () => {
    await level();
    mallory.givesCredit = false;
    mallory.takeTypes();
    for (let index = 0; index < 150; index += 1) await alice.send("Bob", `${index}`.padEnd(8_000, "x"));
    await world.clock.advance(2_000);
    const bytes = mallory.received.reduce((sum, frame) => sum + frame.payload.length + 7, 0);
    expect(bytes).toBeLessThanOrEqual(WINDOW_BYTES);
    expect(bytes).toBeGreaterThan(WINDOW_BYTES - 20_000);
    expect((await alice.threadWith("Bob")).waiting).toBe(150);
  });
});
