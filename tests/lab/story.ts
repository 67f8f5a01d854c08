/**
 * What two people in two networks live through, for one row of the matrix: they meet by an invite, one loads the page anew, the relay is
 * killed (and comes back, where they need it), and, where they talk directly and a third can help, the line between the two is cut, and mended
 * a minute later with the relay back. After each step: how long until a message has arrived, and which way messages take from each to the other.
 */
import { setTimeout as delay } from "node:timers/promises";
import { errors } from "@playwright/test";
import type { Lab } from "./lab.ts";
import type { Pair } from "./pairs.ts";
import { provePath, proveUntil, type Rung } from "./path-proof.ts";
import { connectRaw } from "./raw-webrtc.ts";
import type { Resident } from "./resident.ts";

/** How long a message may take before it is said not to arrive. */
const MESSAGE_LIMIT_MS = 20_000;
/** How long the better path may take, where there is one. */
const DIRECT_LIMIT_MS = 20_000;
/** The side with the larger key leaves the other three seconds to begin. */
const LINKED_LIMIT_MS = 12_000;
/** Whoever lost a relay looks for it more and more rarely. */
const RELAY_BACK_LIMIT_MS = 60_000;
/** Long enough for tries of the direct path to have become rare. */
const CUT_MS = 60_000;
const LOOK_MS = 100;
const RELAY_GONE = "the relay is gone";

export interface Step {
  /** Until the first message stood on the other screen; undefined when it had not in 20 s. */
  readonly firstMessageMs: number | undefined;
  /** The way that messages take from the second to the first at the end of the step; undefined when none arrived. */
  readonly rung: Rung | undefined;
  /** The way back, from the first to the second. */
  readonly back: Rung | undefined;
  /** Until a message was seen to take that way. */
  readonly rungMs: number | undefined;
}

export interface StoryResult {
  readonly pair: string;
  readonly hasHelper: boolean;
  /** Of bare WebRTC between the same hosts; undefined when these networks allow none. */
  readonly rawMs: number | undefined;
  /** From the press of Start at an invite. The helper knows only one of the two yet. */
  readonly meeting: Step;
  /** From the reload of a page. */
  readonly again: Step;
  /** From the writing of a message, with the relay killed before. */
  readonly relayGone: Step;
  /** Where it did not arrive: from the start of the relay, with that message waiting. */
  readonly relayBack?: Step;
  /** The same, when nothing passes between the two any more. Only where they were direct, and with a helper. */
  readonly lineCut?: Step;
  /** The same, when the line is whole again and the relay is back. */
  readonly lineMended?: Step;
}

export async function tellStory(lab: Lab, pair: Pair, hasHelper: boolean): Promise<StoryResult> {
  const first = await lab.site(pair.kinds[0]);
  const second = pair.isOneSite ? first : await lab.site(pair.kinds[1]);
  const alice = await lab.resident("Alice", first);
  const bob = await lab.resident("Bob", second);
  const rawMs = await connectRaw(alice.person.page, bob.person.page, lab.stunUrl);
  const isDirectPossible = rawMs !== undefined;

  await alice.person.openAndStart();
  const helper = hasHelper ? await lab.resident("Carol", await lab.site("open")) : undefined;
  const link = await alice.person.createInvite({ uses: "10 times" });
  if (helper !== undefined) await helper.person.startByInvite(link, alice.person);

  const scene: Scene = { lab, alice, bob, helper, isDirectPossible };
  const meeting = await finish(scene, await meet(scene, link));
  if (helper !== undefined) await introduce(scene, helper);
  const again = await finish(scene, await comeBack(scene));
  if (helper !== undefined) await untilLinked(helper);
  await lab.relay.kill();
  const relayGone = await finish(scene, await write(scene, RELAY_GONE));
  const told = { pair: pair.name, hasHelper, rawMs, meeting, again, relayGone };
  if (relayGone.firstMessageMs === undefined)
    return { ...told, relayBack: await finish(scene, await relayReturns(scene)) };
  if (!hasHelper || relayGone.rung?.kind !== "direct") return told;
  await first.cutFrom(second);
  const lineCut = await finish({ ...scene, isDirectPossible: false }, await write(scene, "the line is cut"));
  // Two routers need the STUN server beside it to find a direct path again, as bare WebRTC does.
  await lab.relay.start();
  await delay(CUT_MS);
  await first.mend();
  const lineMended = await finish(scene, await write(scene, "the line is whole"));
  return { ...told, lineCut, lineMended };
}

interface Arrival {
  readonly startedAt: number;
  readonly firstMessageMs: number | undefined;
}

interface Scene {
  readonly lab: Lab;
  readonly alice: Resident;
  readonly bob: Resident;
  readonly helper: Resident | undefined;
  readonly isDirectPossible: boolean;
}

async function meet({ alice, bob }: Scene, link: string): Promise<Arrival> {
  await bob.person.open(link);
  await bob.person.page.getByText(`${alice.name} invites you to chat`).waitFor();
  const startedAt = performance.now();
  await bob.person.start();
  await bob.person.conversationHeading(alice.person).waitFor();
  await bob.person.send("hello");
  return arrival(startedAt, async (timeout) => {
    await alice.person.conversationLink(bob.person).click({ timeout });
    await alice.person.message("hello").waitFor({ timeout });
  });
}

/** The helper and the second of the two become contacts as well. */
async function introduce({ alice, bob: { person } }: Scene, helper: Resident): Promise<void> {
  await person.page.evaluate(() => {
    window.location.hash = "#/";
  });
  const link = await person.createInvite();
  await helper.person.open(link);
  await helper.person.page.reload();
  await helper.person.acceptInvite(link, person);
  await person.enterConversation(alice.person);
}

/** Until both have a link of their own with the helper, where their networks allow one: what the relay carried goes with the relay. */
async function untilLinked({ person }: Resident): Promise<void> {
  const endsAt = performance.now() + LINKED_LIMIT_MS;
  while ((await person.selectedIcePairs()).length < 2 && performance.now() < endsAt) await delay(LOOK_MS);
}

async function comeBack({ alice, bob }: Scene): Promise<Arrival> {
  const startedAt = performance.now();
  await bob.person.reload();
  await bob.person.page.getByRole("navigation", { name: "Conversations" }).waitFor();
  if (!(await bob.person.composer.isVisible())) await bob.person.enterConversation(alice.person);
  await bob.person.send("here again");
  return arrival(startedAt, (timeout) => alice.person.message("here again").waitFor({ timeout }));
}

async function write({ alice, bob }: Scene, text: string): Promise<Arrival> {
  const startedAt = performance.now();
  await bob.person.send(text);
  return arrival(startedAt, (timeout) => alice.person.message(text).waitFor({ timeout }));
}

async function relayReturns({ lab, alice }: Scene): Promise<Arrival> {
  const startedAt = performance.now();
  await lab.relay.start();
  return arrival(startedAt, (timeout) => alice.person.message(RELAY_GONE).waitFor({ timeout }), RELAY_BACK_LIMIT_MS);
}

async function arrival(
  startedAt: number,
  wait: (timeout: number) => Promise<void>,
  limitMs = MESSAGE_LIMIT_MS,
): Promise<Arrival> {
  try {
    await wait(limitMs);
    return { startedAt, firstMessageMs: performance.now() - startedAt };
  } catch (error) {
    if (error instanceof errors.TimeoutError) return { startedAt, firstMessageMs: undefined };
    throw error;
  }
}

/** Waits for the better path where the networks allow one, and proves the one that is taken. */
async function finish(scene: Scene, { startedAt, firstMessageMs }: Arrival): Promise<Step> {
  const { lab, alice, bob, helper, isDirectPossible } = scene;
  if (firstMessageMs === undefined) return { firstMessageMs, rung: undefined, back: undefined, rungMs: undefined };
  const limitMs = isDirectPossible ? DIRECT_LIMIT_MS : 0;
  const rung = await proveUntil("direct", limitMs, () => provePath(lab, bob, alice, helper));
  const rungMs = performance.now() - startedAt;
  return { firstMessageMs, rung, back: await provePath(lab, alice, bob, helper), rungMs };
}
