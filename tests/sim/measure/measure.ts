/** One measured course of events: who was online when, when each message arrived, and when it would have with both online. */
import type { AccountId } from "../../../src/core/codec/ids.ts";
import { Chance } from "../chance.ts";
import { DAY_MS, HOUR_MS } from "../world.ts";
import { bothOnlineAt } from "./baseline.ts";
import { bringTogether, type Circle, peopleOf, personAt, threadFor, writersOf } from "./circle.ts";
import { MeasuredWorld } from "./measured-world.ts";
import { Possible } from "./possible.ts";
import { planMessages, planSessions, type Session } from "./presence.ts";
import { sampleStorage, type StorageSample } from "./storage.ts";

export interface MeasureOptions {
  readonly seed: number;
  readonly circle: Circle;
  /** Of the day that everybody is online. */
  readonly share: number;
  readonly messages: number;
  /** Messages are written on so many days… */
  readonly writeDays: number;
  /** …and each is waited for so long. */
  readonly followDays: number;
}

/** One message at one reader. Infinity: not within the days that it was waited for. */
export interface Delay {
  readonly kithMs: number;
  /** Had the sender to be online, too. */
  readonly bothOnlineMs: number;
  /** Had everybody who has it handed it on to everybody they met. */
  readonly possibleMs: number;
}

export interface Measured {
  readonly delays: readonly Delay[];
  readonly messages: number;
  /** Of the day, on average, as it came out. */
  readonly share: number;
  readonly bytesByType: ReadonlyMap<number, number>;
  readonly storage: readonly StorageSample[];
  readonly failures: readonly string[];
}

/** Before the first midnight of the measured days. */
const SETUP_MS = 3 * HOUR_MS;
/** From the moment that both are online to the delivery of what waited, as this network has it without anybody's help. */
const CONNECTS_IN_MS = 2_000;
const SAMPLE_EVERY_MS = 6 * HOUR_MS;
/** The others go with a goodbye. */
const CLOSED_HARD = 0.6;
const SESSION_STREAM = 1_000;
const CLOSING_STREAM = 2_000;
const MESSAGE_STREAM = 3_000;

export async function measure(options: MeasureOptions): Promise<Measured> {
  const { seed, circle, share, writeDays, followDays } = options;
  const days = writeDays + followDays;
  const world = new MeasuredWorld(seed, peopleOf(circle));
  const sessionsOf = world.people.map(({ index }) =>
    planSessions(new Chance(seed, SESSION_STREAM + index), share, days),
  );
  const writers = sessionsOf.slice(0, writersOf(circle));
  const planned = planMessages(new Chance(seed, MESSAGE_STREAM), writers, options.messages, writeDays * DAY_MS);
  await bringTogether(world, circle);
  for (const person of world.people) person.close("stopped");
  await world.clock.advance(SETUP_MS - world.elapsedMs);
  world.bytesByType.clear();

  const storage: StorageSample[] = [];
  const closing = world.people.map(({ index }) => new Chance(seed, CLOSING_STREAM + index));
  for (let from = 0; from < days * DAY_MS; from += SAMPLE_EVERY_MS) {
    const isNow = (at: number): boolean => at >= from && at < from + SAMPLE_EVERY_MS;
    for (const [index, sessions] of sessionsOf.entries()) {
      for (const session of sessions) if (isNow(session.from)) planSession(world, index, session, from, closing[index]);
    }
    for (const { author, at } of planned) {
      if (isNow(at)) world.after(at - from, () => write(world, circle, author));
    }
    await world.clock.advance(SAMPLE_EVERY_MS);
    storage.push(await sampleStorage(world, circle));
  }
  return {
    delays: delaysOf(world, options, sessionsOf),
    messages: world.ledger.all.length,
    share: shareOf(sessionsOf, days),
    bytesByType: world.bytesByType,
    storage,
    failures: [...world.failures, ...failuresOf(world, planned.length)],
  };
}

function planSession(world: MeasuredWorld, index: number, session: Session, now: number, chance?: Chance): void {
  const person = personAt(world, index);
  const isHard = chance?.is(CLOSED_HARD) === true;
  world.after(session.from - now, () => person.open());
  world.after(session.to - now, () => person.close(isHard ? "killed" : "stopped"));
}

function write(world: MeasuredWorld, circle: Circle, author: number): void {
  const person = personAt(world, author);
  person.act(async () => {
    const thread = await threadFor(circle, world, person);
    if (thread !== undefined) person.write(thread);
  });
}

function delaysOf(
  world: MeasuredWorld,
  { circle, followDays }: MeasureOptions,
  sessionsOf: readonly (readonly Session[])[],
): readonly Delay[] {
  const limitMs = followDays * DAY_MS;
  const within = (delayMs: number): number => (delayMs <= limitMs ? delayMs : Infinity);
  const possible = new Possible(circle, sessionsOf, CONNECTS_IN_MS);
  const indexByAccount = new Map(world.people.map(({ index, profile }) => [profile.account, index]));
  const indexOf = (account: AccountId): number => indexByAccount.get(account) ?? 0;
  return world.ledger.all.flatMap((written) => {
    const at = written.writtenAt - SETUP_MS;
    const author = indexOf(written.author);
    const possibleAt = possible.arrivals(author, at);
    const readers = [...written.readers].filter((reader) => reader !== written.author);
    return readers.map((reader) => {
      const index = indexOf(reader);
      const bothAt = bothOnlineAt(sessionsOf[author] ?? [], sessionsOf[index] ?? [], at, CONNECTS_IN_MS);
      const kithAt = world.arrivals.get(written.index)?.get(reader) ?? Infinity;
      return {
        kithMs: within(kithAt - written.writtenAt),
        bothOnlineMs: within((bothAt ?? Infinity) - at),
        possibleMs: within((possibleAt[index] ?? Infinity) - at),
      };
    });
  });
}

function shareOf(sessionsOf: readonly (readonly Session[])[], days: number): number {
  const online = sessionsOf.flat().reduce((sum, { from, to }) => sum + to - from, 0);
  return online / (sessionsOf.length * days * DAY_MS);
}

function failuresOf(world: MeasuredWorld, planned: number): readonly string[] {
  const { all } = world.ledger;
  const lost = all.filter(({ fate }) => fate !== "certain").length;
  const unwritten = planned - all.length;
  return [
    ...(unwritten === 0 ? [] : [`${unwritten} messages were not written`]),
    ...(lost === 0 ? [] : [`${lost} messages were not acknowledged`]),
  ];
}
