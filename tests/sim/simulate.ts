/** One simulation from its first to its last day, and the healing behind it. */
import type { Suite } from "../../src/core/crypto/suite.ts";
import { checkNow, unsettled } from "./checks.ts";
import type { SimFault } from "./faults.ts";
import type { SimOptions } from "./options.ts";
import { describe } from "./person.ts";
import { type Habits, habitsOf, planDay } from "./rhythm.ts";
import { meetWithoutAuthor } from "./without-author.ts";
import { suiteOf } from "./suites.ts";
import { clearUp, planWeather } from "./weather.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, SimWorld } from "./world.ts";

const CHECK_EVERY_MS = 12 * HOUR_MS;
const HEALING_STEP_MS = 10 * MINUTE_MS;
/** With everybody online and nothing in the way, all must have settled by then. */
const HEALING_HOURS = 24;
const NEWER_CHANCE = 0.25;
const WRONG_CLOCKS = 0.25;
const WRONG_BY_MS = 3 * HOUR_MS;
const RIGHT_BY_MS = 20_000;

export interface SimResult {
  readonly seed: number;
  readonly people: number;
  readonly messages: number;
  readonly events: number;
  readonly digest: string;
  /** How long it took until all had settled, in virtual time. */
  readonly healedInMs: number;
  readonly failures: readonly string[];
  readonly groups: number;
  /** Of those, what an old copy of a profile split for good. */
  readonly forks: number;
  /** And what stands in another order at two members, by a former member's late words. */
  readonly reordered: number;
  /** Left with couriers, and handed over by them. */
  readonly parcels: { readonly left: number; readonly handedOver: number };
  readonly world: SimWorld;
}

export async function simulate(options: SimOptions, fault?: SimFault): Promise<SimResult> {
  const suite: Suite = suiteOf(options);
  const world = new SimWorld(options, suite, fault);
  const onRejection = (error: unknown): void => world.fail(`a rejection that nobody handles: ${describe(error)}`);
  process.on("unhandledRejection", onRejection);
  try {
    const habits = begin(world);
    await world.clock.advance(10 * MINUTE_MS);
    for (const person of world.people) person.close("stopped");
    for (let day = 0; day < options.days; day += 1) await liveDay(world, habits);
    const healedInMs = await heal(world, (options.healingHours ?? HEALING_HOURS) * HOUR_MS);
    return {
      seed: options.seed,
      people: world.people.length,
      messages: world.ledger.all.length,
      events: world.events,
      digest: world.digest,
      healedInMs,
      failures: world.failures,
      groups: world.groups.all.length,
      forks: world.forks,
      reordered: world.reordered.size,
      parcels: world.parcels,
      world,
    };
  } finally {
    process.off("unhandledRejection", onRejection);
  }
}

/** Everybody opens the app for the first time. */
function begin(world: SimWorld): ReadonlyMap<(typeof world.people)[number], Habits> {
  const habits = new Map(world.people.map((person) => [person, habitsOf(world)]));
  for (const person of world.people) {
    const isWrong = world.chance.is(WRONG_CLOCKS);
    person.skewMs = world.chance.between(-1, 1) * (isWrong ? WRONG_BY_MS : RIGHT_BY_MS);
    person.isNewer = world.chance.is(NEWER_CHANCE);
    world.after(person.index * 1_000, () => person.open());
    world.after(MINUTE_MS + person.index * 1_000, () => world.acquaintances.pursue(person));
    world.after(2 * MINUTE_MS + person.index * 1_000, () => world.acquaintances.pursue(person));
  }
  return habits;
}

async function liveDay(world: SimWorld, habits: ReturnType<typeof begin>): Promise<void> {
  planWeather(world);
  for (const [person, own] of habits) planDay(world, person, own);
  for (let passed = 0; passed < DAY_MS; passed += CHECK_EVERY_MS) {
    await world.clock.advance(CHECK_EVERY_MS);
    await checkNow(world);
  }
}

async function heal(world: SimWorld, limitMs: number): Promise<number> {
  // What was planned for the last day has its end first.
  await world.clock.advance(DAY_MS);
  clearUp(world);
  await meetWithoutAuthor(world);
  const begunAt = world.elapsedMs;
  let amiss: readonly string[] = [];
  while (world.elapsedMs - begunAt < limitMs) {
    for (const person of world.people) {
      world.after(0, () => person.open());
      world.after(MINUTE_MS, () => world.acquaintances.pursue(person));
      world.after(HEALING_STEP_MS - MINUTE_MS, () => readAll(person));
    }
    await world.clock.advance(HEALING_STEP_MS);
    await checkNow(world);
    amiss = await unsettled(world);
    if (amiss.length === 0 || world.isHopeless) break;
  }
  for (const what of amiss) world.fail(what);
  return world.elapsedMs - begunAt;
}

function readAll(person: SimWorld["people"][number]): void {
  person.act(async (messenger) => {
    for (const { id } of await messenger.threads()) person.read(id);
  });
}
