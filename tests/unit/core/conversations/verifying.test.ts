import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { decodeCode, encodeCode } from "../../../../src/core/conversations/verify-code.ts";
import { createSuite } from "../../../../src/core/crypto/real-suite.ts";
import { FRAME } from "../../../../src/core/sync/frames.ts";
import type { ThreadId } from "../../../../src/core/views.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";
import { tapWire } from "../../../support/wire-tap.ts";

const suite = createSuite();

let world: CoreWorld;
let alice: CorePerson;
let bob: CorePerson;
let withBob: ThreadId;
let withAlice: ThreadId;
/** Payloads of the answers that arrived anywhere. */
let answers: Uint8Array[];

beforeEach(async () => {
  world = new CoreWorld();
  answers = [];
  tapWire(world, ({ type, payload }) => {
    if (type === FRAME.codeRead) answers.push(payload);
    return undefined;
  });
  [alice, bob] = await world.pair();
  withBob = (await alice.threadWith("Bob")).id;
  withAlice = (await bob.threadWith("Alice")).id;
});

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

const show = (): string => alice.messenger.people.showCode(withBob)?.text ?? "";
const isTold = (): boolean => alice.events.some((event) => event.type === "code-read" && event.thread === withBob);
const reads = async (text: string) => {
  const reading = bob.messenger.people.readCode(withAlice, text);
  await world.clock.advance(1_000);
  return reading;
};

describe("a code", () => {
  test("read off the right screen matches, and who shows it is told once", async () => {
    const code = show();
    expect(await reads(code)).toEqual({ kind: "matches", isTold: true });
    expect(isTold()).toBe(true);
    alice.events = [];
    await reads(code);
    expect(isTold()).toBe(false);
  });

  test("is never a link, and another each time", () => {
    const [first, second] = [show(), show()];
    expect(first).not.toBe(second);
    expect(first).not.toMatch(/[:/.#]/);
  });

  test("that was replaced still counts for a moment, and not after that", async () => {
    const code = show();
    await world.clock.advance(60_000);
    show();
    await world.clock.advance(10_000);
    await reads(code);
    expect(isTold()).toBe(true);

    alice.events = [];
    const late = show();
    show();
    await world.clock.advance(20_000);
    await reads(late);
    expect(isTold()).toBe(false);
  });

  test("that is on the screen no more is good for nothing", async () => {
    const code = show();
    alice.messenger.people.hideCode(withBob);
    await reads(code);
    expect(isTold()).toBe(false);
  });

  test("of another account, of this device, for somebody else, or none at all is told apart", async () => {
    const carol = await world.person("Carol");
    const invite = await bob.messenger.createInvite({ uses: 1, days: 7 });
    await carol.messenger.acceptInvite(invite.link);
    await world.clock.advance(2_000);
    const toCarol = bob.messenger.people.showCode((await bob.threadWith("Carol")).id)?.text ?? "";
    const fromCarol = carol.messenger.people.showCode((await carol.threadWith("Bob")).id)?.text ?? "";
    const code = decodeCode(suite, show());
    if (code === undefined) throw new Error("no code");
    const forCarol = encodeCode(suite, { ...code, reader: (await carol.identity()).account });
    expect(await reads(fromCarol)).toEqual({ kind: "somebody-else" });
    expect(await reads(toCarol)).toEqual({ kind: "own" });
    expect(await reads(forCarol)).toEqual({ kind: "not-for-you" });
    expect(await reads("https://chat.example/#i/AQAx")).toEqual({ kind: "no-code" });
    expect(answers).toEqual([]);
  });

  test("read while the other is away matches, and says that they were not told", async () => {
    const code = show();
    await alice.messenger.stop();
    await world.clock.advance(1_000);
    expect(await reads(code)).toEqual({ kind: "matches", isTold: false });
  });

  test("of which any bit was changed is no code", () => {
    const text = show();
    for (let index = 10; index < text.length; index += 1) {
      const other = text[index] === "A" ? "B" : "A";
      expect(decodeCode(suite, text.slice(0, index) + other + text.slice(index + 1))).toBeUndefined();
    }
  });
});

test("both see the same sixty digits", () => {
  const number = alice.messenger.people.safetyNumber(withBob);
  expect(number).toMatch(/^\d{60}$/);
  expect(bob.messenger.people.safetyNumber(withAlice)).toBe(number);
});

test("the verified mark outlives a restart and can be taken back", async () => {
  await alice.messenger.people.setVerified(withBob, true);
  await alice.restart();
  expect((await alice.contactWith("Bob")).isVerified).toBe(true);
  await alice.messenger.people.setVerified(withBob, false);
  expect((await alice.contactWith("Bob")).isVerified).toBe(false);
});
