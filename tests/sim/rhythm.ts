/** A person's day: when the app is open, what is done in it, and what goes wrong with the device meanwhile. */
import type { SimPerson } from "./person.ts";
import type { Profile } from "./profile.ts";
import { writeUnknown } from "./newer-build.ts";
import { writeUnknownChange } from "./newer-change.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, type SimWorld } from "./world.ts";

export interface Habits {
  /** Of the person's midnight after the world's. */
  readonly zoneMs: number;
  /** Hours of the person's day around which the app is opened. */
  readonly hours: readonly number[];
  readonly windowMs: number;
  /** Messages of one window, at most. */
  readonly talk: number;
}

const CHANCES = {
  offlineInside: 0.15,
  drop: 0.25,
  dropEarly: 0.25,
  renew: 0.15,
  crash: 0.12,
  full: 0.04,
  killed: 0.6,
  powerCut: 0.15,
  missed: 0.1,
  rolledBack: 0.02,
  evicted: 0.004,
  clockJump: 0.02,
  unknownKind: 0.25,
  unknownChange: 0.1,
} as const;
const MAX_CRASH_WRITES = 30;
const CLOSING_MS = 5_000;

export function habitsOf(world: SimWorld): Habits {
  const { chance } = world;
  const windows = chance.whole(1, 4);
  return {
    zoneMs: chance.whole(0, 23) * HOUR_MS,
    hours: Array.from({ length: windows }, () => chance.between(7, 23)),
    windowMs: chance.between(5, 120) * MINUTE_MS,
    talk: chance.whole(1, 5),
  };
}

/** Plans one day of one person. */
export function planDay(world: SimWorld, person: SimPerson, habits: Habits): void {
  const { chance } = world;
  for (const hour of habits.hours) {
    if (chance.is(CHANCES.missed)) continue;
    const opensIn = (hour * HOUR_MS + habits.zoneMs + chance.between(-1, 1) * HOUR_MS + DAY_MS) % DAY_MS;
    const lastsMs = habits.windowMs * chance.between(0.3, 1.5);
    world.after(opensIn, () => openWindow(world, person, habits, lastsMs));
  }
}

async function openWindow(world: SimWorld, person: SimPerson, habits: Habits, lastsMs: number): Promise<void> {
  const { chance } = world;
  if (person.isOpen) return;
  await beforeOpening(world, person);
  // Something else may have opened it meanwhile; chance is drawn from all the same.
  const plan = { isKilled: chance.is(CHANCES.killed), isPowerCut: chance.is(CHANCES.powerCut) };
  planUse(world, person, habits, lastsMs);
  planTrouble(world, person, lastsMs);
  world.after(lastsMs, () => {
    person.close(plan.isPowerCut ? "power cut" : plan.isKilled ? "killed" : "stopped");
  });
  await person.open();
}

/** What may have happened to a profile since it was closed. */
async function beforeOpening(world: SimWorld, person: SimPerson): Promise<void> {
  const { chance } = world;
  const { profile } = person;
  profile.store.setQuota(undefined);
  if (chance.is(CHANCES.clockJump)) {
    person.skewMs = chance.is(0.5) ? 0 : chance.between(-2, 2) * DAY_MS * chance.next();
    world.note(person, `has a clock ${person.skewMs.toFixed(0)} ms ahead`);
  }
  if (profile.account === undefined || profile.beforeOpening !== undefined) return;
  if (chance.is(CHANCES.evicted)) {
    const before = await profile.held();
    person.evict();
    await noteForgotten(world, person.profile, before);
    return;
  }
  if (chance.is(CHANCES.rolledBack)) await goBack(world, person);
  const contacts = await profile.contactsNow();
  profile.keepCopy({ snapshot: profile.store.snapshot(), takenAt: world.elapsedMs, contacts });
  // An old copy appends nothing before it has compared itself with others.
  if (person.isNewer && !profile.hasGoneBack && chance.is(CHANCES.unknownKind)) {
    const now = world.clock.now() + person.skewMs;
    if (await writeUnknown(profile, world.coreSuite, now, chance)) world.note(person, "writes of tomorrow");
    if (chance.is(CHANCES.unknownChange) && (await writeUnknownChange(profile, world.coreSuite, now, chance)))
      world.note(person, "changes a group as tomorrow does");
  }
}

/** The profile becomes an old copy of itself. What nobody else holds may be gone, or come as it was then. */
async function goBack(world: SimWorld, person: SimPerson): Promise<void> {
  const { profile } = person;
  const contacts = await profile.contactsNow();
  const copies = profile.copies.filter((copy) => copy.contacts === contacts);
  if (copies.length === 0) return;
  const copy = world.chance.pick(copies);
  world.note(person, `goes back to ${copy.takenAt.toFixed(0)}`);
  const before = await profile.held();
  profile.store.restore(copy.snapshot);
  profile.hasGoneBack = true;
  profile.newest.clear();
  profile.own.length = 0;
  await noteForgotten(world, profile, before);
}

/** Of what this profile held: what nobody holds any more may be gone, or come from an unopened copy; what waits in the old copy waits as it was then. */
async function noteForgotten(world: SimWorld, profile: Profile, before: ReadonlySet<number>): Promise<void> {
  const held = new Set<number>();
  for (const person of world.people) for (const index of await person.profile.held()) held.add(index);
  const waiting = await profile.waiting();
  for (const written of world.ledger.all) {
    const isForgotten = before.has(written.index) && !held.has(written.index);
    const isBack = waiting.has(written.index);
    if (!isForgotten && !isBack) continue;
    const newest = Math.max(...written.versions);
    written.versions = Array.from({ length: newest + 1 }, (_, version) => version);
    if (isForgotten || written.fate === "cancelled") written.fate = "open";
  }
}

function planUse(world: SimWorld, person: SimPerson, habits: Habits, lastsMs: number): void {
  const { chance } = world;
  const soonMs = Math.min(lastsMs, 10_000);
  world.after(soonMs, () => world.acquaintances.pursue(person));
  if (world.options.hasGroups !== false) world.after(chance.between(0, lastsMs), () => world.groups.act(person));
  const messages = chance.whole(0, habits.talk);
  for (let count = 0; count < messages; count += 1) {
    // Now and then several at once.
    const at = chance.between(0, lastsMs);
    const burst = chance.is(0.1) ? chance.whole(2, 8) : 1;
    world.after(at, () =>
      person.act(async (messenger) => {
        const threads = await messenger.threads();
        if (threads.length === 0) return;
        const thread = chance.pick(threads);
        for (let index = 0; index < burst; index += 1) person.write(thread);
      }),
    );
    if (chance.is(0.3)) world.after(at + chance.between(0, MINUTE_MS), () => person.changeMind());
  }
  for (let count = chance.whole(0, 3); count > 0; count -= 1) {
    world.after(chance.between(0, lastsMs), () =>
      person.act(async (messenger) => {
        const threads = await messenger.threads();
        if (threads.length > 0) person.read(chance.pick(threads).id);
      }),
    );
  }
}

function planTrouble(world: SimWorld, person: SimPerson, lastsMs: number): void {
  const { chance, network } = world;
  const somewhen = (): number => chance.between(0, lastsMs);
  if (chance.is(CHANCES.offlineInside)) {
    const from = somewhen();
    setOfflineLater(world, person, from, true);
    setOfflineLater(world, person, from + chance.between(1, 20) * MINUTE_MS, false);
  }
  // Batches move in the first moments.
  if (chance.is(CHANCES.dropEarly)) dropLater(world, person, chance.between(0, CLOSING_MS));
  if (chance.is(CHANCES.drop)) dropLater(world, person, somewhen());
  if (chance.is(CHANCES.renew)) {
    world.after(somewhen(), () => {
      const other = chance.pick(world.people);
      if (person.peer === undefined || other.peer === undefined) return;
      if (network.paths(person.peer, other.peer).length === 0) return;
      world.note(person, `has a further link to ${other.name}`);
      if (chance.is(0.5)) network.renew(person.peer, other.peer);
      else network.upgrade(other.peer, person.peer);
    });
  }
  if (chance.is(CHANCES.crash)) {
    const plan = { writesLeft: chance.whole(1, MAX_CRASH_WRITES), isCommitted: chance.is(0.5) };
    world.after(chance.is(0.5) ? 0 : somewhen(), () => person.life?.planCrash(plan));
  }
  if (chance.is(CHANCES.full)) {
    const { profile } = person;
    const from = somewhen();
    world.after(from, () => {
      world.note(person, "has a full disk");
      profile.store.setQuota(1);
    });
    world.after(from + chance.between(1, 30) * MINUTE_MS, () => profile.store.setQuota(undefined));
  }
}

function dropLater(world: SimWorld, person: SimPerson, inMs: number): void {
  world.after(inMs, () => {
    world.note(person, "loses all links");
    for (const other of world.people) {
      if (other !== person && person.peer !== undefined && other.peer !== undefined) {
        world.network.drop(person.peer, other.peer);
      }
    }
  });
}

function setOfflineLater(world: SimWorld, person: SimPerson, inMs: number, isOffline: boolean): void {
  world.after(inMs, () => {
    if (person.peer === undefined) return;
    world.note(person, isOffline ? "is offline" : "is online");
    world.network.setOffline(person.peer, isOffline);
    if (!isOffline) person.messenger?.wake();
  });
}
