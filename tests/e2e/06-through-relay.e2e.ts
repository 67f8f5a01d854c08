import { NO_UDP_FLAGS } from "../support/browser-profile.ts";
import { rtcCounts } from "../support/page-probe.ts";
import { readUpTo } from "../support/read-upwards.ts";
import { expect, test } from "../support/world.ts";

const CIRCUIT_BYTES = 131_072;
const CIRCUIT_SECONDS = 20;
const ROUNDS = 24;
/** So that the chat needs more than three circuits. */
const TEXT_LENGTH = 6_000;
/** More than twice what a circuit lets through. */
const BACKLOG = 50;

test.use({ relayFlags: ["--circuit-bytes", String(CIRCUIT_BYTES), "--circuit-seconds", String(CIRCUIT_SECONDS)] });

test("without UDP the chat goes through the relay, and outlives the limits of its circuits", async ({ world }) => {
  test.setTimeout(180_000);
  const [alice, bob] = await world.pair({ flags: NO_UDP_FLAGS });
  for (const person of [alice, bob]) await expect(person.connection).toHaveText("Through relay");
  await alice.send("can you hear me through the relay?");
  await alice.expectState("can you hear me through the relay?", /Delivered|Read/);
  await bob.send("loud and clear");
  await bob.expectState("loud and clear", /Delivered|Read/);
  for (const person of [alice, bob]) expect(await person.selectedIcePairs()).toEqual([]);

  const texts = Array.from({ length: ROUNDS }, (_, index) => [`alice-${pad(index)}`, `bob-${pad(index)}`]).flat();
  for (const [index, text] of texts.entries()) {
    const [writer, reader] = index % 2 === 0 ? [alice, bob] : [bob, alice];
    await writer.send(`${text} ${"x".repeat(TEXT_LENGTH)}`);
    // Every fourth is waited for; the others go out in a row.
    if (index % 4 === 3) await expect(reader.message(text)).toHaveCount(1, { timeout: 30_000 });
  }
  // The last of each; those before are too long to stand in the page with it.
  for (const [writer, reader, text] of [
    [alice, bob, texts.at(-2)],
    [bob, alice, texts.at(-1)],
  ] as const) {
    await expect(reader.message(text ?? "")).toHaveCount(1, { timeout: 30_000 });
    await writer.expectState(text ?? "", /Delivered|Read/, 30_000);
  }
  for (const [person, own] of [
    [alice, "alice"],
    [bob, "bob"],
  ] as const) {
    const read = await readUpTo(person, "alice-00", /(alice|bob)-\d\d/);
    for (const prefix of ["alice", "bob"]) {
      const marks = read.map(({ mark }) => mark).filter((mark) => mark.startsWith(prefix));
      expect(marks).toEqual(texts.filter((text) => text.startsWith(prefix)));
    }
    for (const { mark, drawn } of read) if (mark.startsWith(own)) expect(drawn).toMatch(/Delivered|Read/);
  }
  expect((await rtcCounts(bob.page)).candidates, "the browser without UDP has no address to offer").toBe(0);
  for (const person of [alice, bob]) await expect(person.connection).toHaveText("Through relay");
});

test("a backlog that is larger than a circuit arrives in full", async ({ world }) => {
  const [alice, bob] = await world.pair({ flags: NO_UDP_FLAGS });
  await expect(bob.connection).toHaveText("Through relay");
  await bob.closeBrowser();
  const texts = Array.from({ length: BACKLOG }, (_, index) => `alice-${pad(index)}`);
  for (const text of texts) await alice.send(`${text} ${"x".repeat(TEXT_LENGTH)}`);

  await bob.returnToBrowser();
  await expect(bob.message(texts.at(-1) ?? "")).toHaveCount(1, { timeout: 60_000 });
  await alice.expectState(texts.at(-1) ?? "", /Delivered|Read/, 30_000);
  for (const person of [alice, bob]) {
    const read = await readUpTo(person, "alice-00", /alice-\d\d/);
    expect(read.map(({ mark }) => mark)).toEqual(texts);
    if (person === alice) for (const { drawn } of read) expect(drawn).toMatch(/Delivered|Read/);
  }
});

function pad(index: number): string {
  return String(index).padStart(2, "0");
}
