/** What many measured courses of events come to: medians, 95th percentiles and how sure they are, bytes, and storage. */
import { FRAME } from "../../../src/core/sync/frames.ts";
import { Chance } from "../chance.ts";
import type { Circle } from "./circle.ts";
import type { Delay, Measured } from "./measure.ts";

/** In milliseconds; null: not within the days that each message was waited for. */
type Duration = number | null;

export interface Quantiles {
  readonly median: Duration;
  readonly p95: Duration;
  /** Nine times of ten the figure lies between these, if other seeds are drawn. */
  readonly medianRange: readonly [Duration, Duration];
  readonly p95Range: readonly [Duration, Duration];
  /** Of all, what did not arrive within the days that it was waited for. */
  readonly missing: number;
}

export interface Summary {
  readonly circle: Circle;
  /** Of the day, as asked for and as it came out. */
  readonly share: number;
  readonly actualShare: number;
  readonly seeds: number;
  readonly messages: number;
  /** Messages times readers. */
  readonly deliveries: number;
  readonly kith: Quantiles;
  readonly bothOnline: Quantiles;
  readonly possible: Quantiles;
  /** Of all, what came more than a minute later than if sender and reader alone had to be online. */
  readonly later: number;
  /** For each message and reader: all that went over links on all days, and what of it were messages, envelopes and parcels. */
  readonly bytes: { readonly all: number; readonly content: number; readonly statements: number };
  /** Held for others by one person: the mean over time, and the most that anybody held. */
  readonly held: { readonly mean: number; readonly most: number };
  readonly failures: readonly string[];
}

const CONTENT: ReadonlySet<number> = new Set([FRAME.entry, FRAME.envelope, FRAME.parcel, FRAME.parcelPart]);
const STATEMENTS: ReadonlySet<number> = new Set([FRAME.clock, FRAME.read, FRAME.statementsDigest]);
const LATER_MS = 60_000;
const RESAMPLES = 200;
const RESAMPLE_SEED = 1;
const RANGE = [0.05, 0.95] as const;

export function summarise(circle: Circle, share: number, runs: readonly Measured[]): Summary {
  const delays = runs.flatMap((run) => run.delays);
  const deliveries = delays.length;
  const quantiles = (of: (delay: Delay) => number): Quantiles => quantilesOf(runs.map((run) => run.delays.map(of)));
  const bytesOf = (types?: ReadonlySet<number>): number =>
    runs.reduce((sum, { bytesByType }) => sum + totalOf(bytesByType, types), 0) / deliveries;
  const held = runs.flatMap(({ storage }) => storage.flatMap(({ bytes }) => bytes));
  return {
    circle,
    share,
    actualShare: mean(runs.map((run) => run.share)),
    seeds: runs.length,
    messages: runs.reduce((sum, { messages }) => sum + messages, 0),
    deliveries,
    kith: quantiles(({ kithMs }) => kithMs),
    bothOnline: quantiles(({ bothOnlineMs }) => bothOnlineMs),
    possible: quantiles(({ possibleMs }) => possibleMs),
    later: delays.filter(isLater).length / deliveries,
    bytes: { all: bytesOf(), content: bytesOf(CONTENT), statements: bytesOf(STATEMENTS) },
    held: { mean: held.length === 0 ? 0 : mean(held), most: Math.max(0, ...held) },
    failures: [...new Set(runs.flatMap(({ failures }) => failures))],
  };
}

function isLater({ kithMs, bothOnlineMs }: Delay): boolean {
  return kithMs > bothOnlineMs + LATER_MS;
}

/** All seeds together; the ranges by drawing as many seeds anew, with repetition. */
function quantilesOf(bySeed: readonly (readonly number[])[]): Quantiles {
  const all = sorted(bySeed.flat());
  const chance = new Chance(RESAMPLE_SEED, 0);
  const drawn = Array.from({ length: RESAMPLES }, () => sorted(bySeed.flatMap(() => chance.pick(bySeed))));
  const range = (part: number): readonly [Duration, Duration] => {
    const found = sorted(drawn.map((delays) => at(delays, part)));
    return [durationOf(at(found, RANGE[0])), durationOf(at(found, RANGE[1]))];
  };
  return {
    median: durationOf(at(all, 0.5)),
    p95: durationOf(at(all, 0.95)),
    medianRange: range(0.5),
    p95Range: range(0.95),
    missing: all.filter((delay) => delay === Infinity).length / all.length,
  };
}

function sorted(values: readonly number[]): readonly number[] {
  return values.toSorted((a, b) => a - b);
}

/** The smallest that at least this part does not exceed. */
function at(ascending: readonly number[], part: number): number {
  return ascending[Math.max(0, Math.ceil(part * ascending.length) - 1)] ?? Infinity;
}

function durationOf(ms: number): Duration {
  return ms === Infinity ? null : Math.round(ms);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function totalOf(bytesByType: ReadonlyMap<number, number>, types?: ReadonlySet<number>): number {
  return [...bytesByType].reduce((sum, [type, bytes]) => sum + (types?.has(type) === false ? 0 : bytes), 0);
}
