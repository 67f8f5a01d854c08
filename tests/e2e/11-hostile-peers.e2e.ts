/**
 * Peers that keep to no rule attack Alice through the relay, as strangers and as contacts, while she talks to Bob.
 * KITH_LONG=1: every attack five times, with peers of their own.
 */
import { setInterval } from "node:timers/promises";
import type { Page } from "@playwright/test";
import { concatBytes } from "../../src/core/codec/bytes.ts";
import type { Invite } from "../../src/core/conversations/invite-codec.ts";
import type { EntryParts } from "../../src/core/log/entry.ts";
import { encodeFrame, FRAME } from "../../src/core/sync/frames.ts";
import { encodeEntryFrame, encodeHave } from "../../src/core/sync/payloads.ts";
import { HostilePeer, readInvite, type Session, type Talk } from "../support/hostile-peer.ts";
import { pageUse } from "../support/page-use.ts";
import type { Person } from "../support/person.ts";
import { expect, test } from "../support/world.ts";

const ROUNDS = process.env["KITH_LONG"] === "1" ? 5 : 1;
const DELIVERY_LIMIT_MS = 5_000;
/** Live objects may grow by this much per round: caches, the rows of a dozen contacts. */
const HEAP_GROWTH = 12 * 1024 * 1024;
const SILENCE_LIMIT_MS = 20_000;
const BYTE_EVERY_MS = 1_000;

test.describe.configure({ timeout: 120_000 * ROUNDS });

const peers: HostilePeer[] = [];
test.afterEach(async () => {
  await Promise.all(peers.splice(0).map(async (peer) => peer.stop()));
});

async function mallory(name: string, invite: Invite): Promise<HostilePeer> {
  const peer = await HostilePeer.create(name, invite);
  peers.push(peer);
  return peer;
}

function random(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

function many(count: number, bytes: Uint8Array): Uint8Array {
  return concatBytes(...Array.from({ length: count }, () => bytes));
}

function batch(session: number, entries: readonly EntryParts[]): Uint8Array {
  return concatBytes(
    ...entries.map((parts, index) => {
      const payload = encodeEntryFrame({ isLastOfBatch: index === entries.length - 1, parts });
      return encodeFrame({ type: FRAME.entry, session, payload });
    }),
  );
}

/** The pace is the attack: too slow to be a greeting, too quick to be silence. */
async function dribble(talk: Talk, bytes: Uint8Array): Promise<void> {
  const ticks = setInterval(BYTE_EVERY_MS)[Symbol.asyncIterator]();
  for (const byte of bytes) {
    if (talk.isEnded) break;
    talk.bytes(Uint8Array.of(byte));
    await ticks.next();
  }
  await ticks.return?.();
}

/** Each ends when Alice has ended the link. */
const strangers: Readonly<Record<string, (peer: HostilePeer) => Promise<void>>> = {
  "speaks before greeting": async (peer) => {
    const talk = await peer.reach();
    talk.frame(FRAME.hello, 1, random(64));
    await talk.ended();
  },
  "sends noise": async (peer) => {
    const talk = await peer.reach();
    talk.bytes(concatBytes(Uint8Array.of(FRAME.greet, 0, 0, 0, 0, 0xff, 0xff), random(4_096)));
    await talk.ended();
  },
  "greets twice": async (peer) => {
    const talk = await peer.meet();
    talk.frame(FRAME.greet, 0, random(34));
    await talk.ended();
  },
  "credits what was never sent": async (peer) => {
    const talk = await peer.meet();
    talk.frame(FRAME.credit, 0, Uint8Array.of(0, 1, 0, 0, 0, 0));
    await talk.ended();
  },
  "claims with a cut claim": async (peer) => {
    const talk = await peer.meet();
    talk.frame(FRAME.claim, 0, (await peer.claim()).slice(0, -1));
    await talk.ended();
  },
  "proves with another secret": async (peer) => {
    const talk = await peer.meet();
    const claim = await peer.claim();
    talk.frame(FRAME.claim, 0, claim);
    talk.frame(FRAME.proof, 0, await peer.proof(talk, claim, random(16)));
    await talk.ended();
  },
  "claims what somebody else has claimed": async (peer) => {
    const other = await mallory("Eve", peer.invite);
    const talk = await peer.meet();
    talk.frame(FRAME.claim, 0, await other.claim());
    await talk.ended();
  },
  "asks a thousand times": async (peer) => {
    const talk = await peer.meet();
    for (let session = 1; session < 2_000; session += 2) talk.frame(FRAME.hello, session, random(64));
    await talk.ended();
  },
  "says nothing": async (peer) => (await peer.reach()).ended(SILENCE_LIMIT_MS),
  "greets and says nothing": async (peer) => (await peer.meet()).ended(SILENCE_LIMIT_MS),
  "says one byte a second": async (peer) => {
    const talk = await peer.reach();
    await Promise.all([talk.ended(SILENCE_LIMIT_MS), dribble(talk, random(30))]);
  },
  "opens streams without end": async (peer) => {
    const talk = await peer.meet();
    await openStreams(talk);
    await talk.ended();
  },
  "connects and leaves in a loop": async (peer) => {
    for (let time = 0; time < 10; time += 1) (await peer.reach()).close();
  },
};

/** Each by a contact with a session that is level. */
const contacts: Readonly<Record<string, (peer: HostilePeer, session: Session) => Promise<void>>> = {
  "opens a thousand sessions": async (_peer, { talk, hello }) => {
    for (let session = 3; session < 1_000; session += 2) talk.frame(FRAME.hello, session, hello);
    await talk.counted(FRAME.unknownConversation, 498);
    for (let session = 1_001; session < 3_000; session += 2) talk.frame(FRAME.hello, session, hello);
    await talk.ended();
  },
  "sends entries that are noise": async (_peer, { talk, number }) => {
    talk.bytes(batch(number, [{ header: random(200), signature: random(64), body: random(50) }]));
    await talk.ended();
  },
  "sends a forged signature": async (peer, { talk, number }) => {
    talk.bytes(batch(number, [{ ...(await peer.message("forged")), signature: random(64) }]));
    await talk.ended();
  },
  "sends an entry out of order, then a hundred times the same": async (peer, { talk, number }) => {
    const [first, second] = [await peer.message("replayed"), await peer.message("too early")];
    for (let time = 0; time < 100; time += 1) talk.bytes(batch(number, [first]));
    await talk.heard(FRAME.clock);
    talk.bytes(batch(number, [await peer.message("with a gap")]));
    talk.bytes(batch(number, [second]));
  },
  "sends a batch without end": async (_peer, { talk, number }) => {
    const parts = { header: random(200), signature: random(64), body: random(10) };
    const frame = encodeFrame({
      type: FRAME.entry,
      session: number,
      payload: encodeEntryFrame({ isLastOfBatch: false, parts }),
    });
    talk.bytes(many(300, frame));
    await talk.ended();
  },
  "forges a clock and a read mark": async (_peer, { talk, number }) => {
    talk.frame(FRAME.read, number, random(120));
    await talk.ended();
  },
  "reconnects in a loop, and is heard after it": async (peer, { talk }) => {
    talk.close();
    for (let time = 0; time < 30; time += 1) await peer.reach().then((again) => again.close(), passedOver);
    const last = await peer.meet();
    last.frame(FRAME.hello, 1, await peer.helloPayload(last));
    await last.heard(FRAME.have);
  },
  "floods with empty frames and reads nothing": async (_peer, { talk }) => {
    talk.givesCredit = false;
    talk.bytes(many(60_000, encodeFrame({ type: 200, session: 0, payload: new Uint8Array(0) })));
    talk.frame(FRAME.have, 1, encodeHave([]));
    await talk.ended();
  },
  "opens streams without end": async (_peer, { talk }) => {
    await openStreams(talk);
    await talk.ended();
  },
};

/** Not every connection of somebody who connects without end has to succeed. */
function passedOver(): void {}

/** Half open: nothing says what they are for. */
async function openStreams(talk: Talk): Promise<void> {
  const { connection } = talk;
  const muxer = (connection as unknown as { readonly muxer: { createStream(): Promise<unknown> } }).muxer;
  for (let opened = 0; opened < 400 && connection.status === "open"; opened += 1) {
    await muxer.createStream().catch(() => undefined);
  }
}

/** Alice and Bob talk until told to stop; every message is there in time. */
async function talkAway(round: number, alice: Person, bob: Person, isOver: () => boolean): Promise<number> {
  let count = 0;
  while (!isOver()) {
    const [writer, reader] = count % 2 === 0 ? [alice, bob] : [bob, alice];
    const text = `honest ${round}-${count}.`;
    await writer.send(text);
    await expect(reader.message(text)).toBeVisible({ timeout: DELIVERY_LIMIT_MS });
    await writer.expectState(text, /Delivered|Read/, DELIVERY_LIMIT_MS);
    count += 1;
  }
  return count;
}

test("hostile peers are sent away, cost little, and an honest conversation does not notice", async ({ world }) => {
  const [alice, bob] = await world.pair();
  await expect(alice.connection).toHaveText("Direct");
  const { page }: { page: Page } = alice;

  for (let round = 0; round < ROUNDS; round += 1) {
    const invite = readInvite(await alice.createInvite({ uses: "10 times" }));
    const accepted = [];
    for (const [name, attack] of Object.entries(contacts)) {
      const peer = await mallory(`M ${accepted.length}`, invite);
      accepted.push({ name, attack, peer, session: await peer.level(await peer.becomeContact()) });
    }
    await alice.enterConversation(bob);
    const before = await pageUse(page);
    let isOver = false;
    const talking = talkAway(round, alice, bob, () => isOver);
    const outcomes: string[] = [];
    const watched = async (name: string, work: Promise<unknown>): Promise<void> => {
      await work.catch((error: unknown) => outcomes.push(`${name}: ${String(error)}`));
    };
    try {
      await Promise.all(accepted.map(async (one) => watched(one.name, one.attack(one.peer, one.session))));
      // In waves: no more than eight strangers are let in at once.
      const attacks = Object.entries(strangers);
      for (let start = 0; start < attacks.length; start += 6) {
        await Promise.all(
          attacks.slice(start, start + 6).map(async ([name, attack]) => {
            const peer = await mallory(name.slice(0, 8), invite);
            await watched(name, attack(peer));
          }),
        );
      }
    } finally {
      isOver = true;
    }
    expect(outcomes).toEqual([]);
    const said = await talking;
    expect(said).toBeGreaterThan(10);
    const after = await pageUse(page);
    console.log(
      `round ${round + 1}: ${said} honest messages; heap ${before.heap} → ${after.heap} bytes, rows ${before.rows} → ${after.rows}`,
    );
    expect(after.heap - before.heap).toBeLessThan(HEAP_GROWTH);
    // Two rows for each honest message, some for the one message of a contact that was valid.
    expect(after.rows - before.rows - 2 * said).toBeLessThan(60);
  }
});
