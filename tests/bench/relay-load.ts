/**
 * One relay process under its full number of peers: memory, circuits, what happens past the limits, and how a thousand come back after a
 * restart. The peers run in Node on the same machine, so they take most of its processors.
 */
import { readFile } from "node:fs/promises";
import { Crowd } from "../support/crowd.ts";
import { relayClient } from "../support/relay-client.ts";
import { type RunningCommand, startCommand } from "../support/running-command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { Figure } from "./statistics.ts";

const PROCESSES = 3;
const LISTENING = /^relay listening: (\S+)$/m;
const RESERVE_LIMIT_MS = 600_000;
const CIRCUIT_LIMIT_MS = 180_000;
/** The relay's default. */
const CIRCUITS_PER_PEER = 64;
const MOST_CIRCUITS = 100;
/** So many calls are under way at a time: more would only wait for the processors. */
const CALLING_AT_ONCE = 8;
const TOLD_UNREACHABLE_AFTER = 3;
const LONG_OUTAGE_MS = 30_000;
const TICKS_PER_SECOND = 100;
const RATE_WINDOW_MS = 1_000;
const BYTES_PER_KB = 1_024;

export interface RelayLoad {
  readonly peers: number;
  readonly residentKbEmpty: number;
  readonly residentKbFull: number;
  readonly kbPerReservation: number;
  readonly reservationsPerSecond: number;
  readonly circuits: number;
  /** Given up by the caller: on a busy machine they take too long. */
  readonly circuitsInVain: number;
  readonly circuitsPerSecond: number;
  /** Of the relay's process. */
  readonly cpuMsPerCircuit: number;
  readonly pastReservations: PastLimit;
  readonly pastCircuits: PastLimit;
  readonly restarts: readonly Restart[];
}

export interface PastLimit {
  /** What libp2p's client says of the refusal, and how often. */
  readonly refusals: readonly string[];
  /** Peers who lost anything by it: reservations or open circuits. */
  readonly harmed: number;
}

export interface Restart {
  readonly outageMs: number;
  /** From the relay's listening again until all (and 90 % of all) had reserved. */
  readonly allMs: number;
  readonly mostMs: number;
  /** In the fullest second. */
  readonly highestPerSecond: number;
  /** Attempts after the relay was back that did not succeed. */
  readonly failedAttempts: number;
}

export async function measureRelayLoad(peers: number): Promise<RelayLoad> {
  const folder = await temporaryFolder();
  const flags = ["--data", folder.path, "--reservations", String(peers)];
  let relay = startCommand("scripts/relay.ts", ["--port", "0", ...flags]);
  const crowds: Crowd[] = [];
  try {
    const address = await relay.waitFor(LISTENING);
    const residentKbEmpty = await residentKb(relay);
    const crowd = new Crowd(address, PROCESSES);
    crowds.push(crowd);
    const startedAt = Date.now();
    await crowd.grow(peers, RESERVE_LIMIT_MS);
    const reservingMs = Date.now() - startedAt;
    const residentKbFull = await residentKb(relay);
    const circuits = await openCircuits(crowd, relay);
    const pastCircuits = await askTooManyCircuits(crowd, address);
    const pastReservations = await askOneReservationMore(crowd, address);

    const port = /\/tcp\/(\d+)\//.exec(address)?.[1] ?? "";
    const restart = async (outageMs: number): Promise<Restart> => {
      await relay.stop("SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, outageMs));
      relay = startCommand("scripts/relay.ts", ["--port", port, ...flags]);
      await relay.waitFor(LISTENING);
      return untilAllAreBack(crowd, peers, outageMs);
    };
    const restarts = [await restart(0), await restart(LONG_OUTAGE_MS)];
    return {
      peers,
      residentKbEmpty,
      residentKbFull,
      kbPerReservation: (residentKbFull - residentKbEmpty) / peers,
      reservationsPerSecond: (peers / reservingMs) * 1_000,
      ...circuits,
      pastReservations,
      pastCircuits,
      restarts,
    };
  } finally {
    await Promise.all(crowds.map(async (crowd) => crowd.dispose()));
    await relay.stop("SIGKILL");
    await folder.remove();
  }
}

export function relayRows(load: RelayLoad): readonly Figure[] {
  const mb = (kb: number): string => (kb / BYTES_PER_KB).toFixed(0);
  return [
    [
      `relay: memory with 0 and ${load.peers} reservations; each`,
      `${mb(load.residentKbEmpty)} MB, ${mb(load.residentKbFull)} MB; ${load.kbPerReservation.toFixed(0)} kB`,
    ],
    ["relay: reservations made per second, peers on the same machine", load.reservationsPerSecond.toFixed(0)],
    [
      `relay: circuits opened per second (${load.circuits} together, ${load.circuitsInVain} more in vain); processor time of the relay for one`,
      `${load.circuitsPerSecond.toFixed(0)}; ${load.cpuMsPerCircuit.toFixed(1)} ms`,
    ],
    ["relay: one reservation too many", describe(load.pastReservations)],
    [`relay: more than ${CIRCUITS_PER_PEER} circuits of one caller`, describe(load.pastCircuits)],
    ...load.restarts.map(({ outageMs, allMs, mostMs, highestPerSecond, failedAttempts }): Figure => [
      `relay restarted after ${(outageMs / 1_000).toFixed(0)} s: 90 % and all of ${load.peers} back`,
      `${(mostMs / 1_000).toFixed(1)} s, ${(allMs / 1_000).toFixed(1)} s; at most ${highestPerSecond} in a second; ${failedAttempts} attempts in vain`,
    ]),
  ];
}

function describe({ refusals, harmed }: PastLimit): string {
  return `${refusals.join(", ")}; ${harmed === 0 ? "nobody else notices" : `${harmed} others harmed`}`;
}

/** Peers call their neighbours, all at once. */
async function openCircuits(
  crowd: Crowd,
  relay: RunningCommand,
): Promise<Pick<RelayLoad, "circuits" | "circuitsInVain" | "circuitsPerSecond" | "cpuMsPerCircuit">> {
  const circuits = Math.min(MOST_CIRCUITS, Math.floor(crowd.members.length / 2));
  const cpuBefore = await cpuMs(relay);
  const startedAt = Date.now();
  for (let pair = 0; pair < circuits; pair += 1) crowd.call(2 * pair, 2 * pair + 1);
  const count = (kind: "answered" | "unanswered"): number => crowd.whoSince(startedAt, kind).size;
  await crowd.until(() => count("answered") + count("unanswered") >= circuits, CIRCUIT_LIMIT_MS);
  const opened = count("answered");
  return {
    circuits: opened,
    circuitsInVain: circuits - opened,
    circuitsPerSecond: (opened / (Date.now() - startedAt)) * 1_000,
    cpuMsPerCircuit: ((await cpuMs(relay)) - cpuBefore) / opened,
  };
}

async function askTooManyCircuits(crowd: Crowd, address: string): Promise<PastLimit> {
  const before = Date.now();
  const mallory = await relayClient();
  try {
    const others = crowd.members.slice(0, CIRCUITS_PER_PEER + CALLING_AT_ONCE);
    const outcomes: PromiseSettledResult<unknown>[] = [];
    for (let first = 0; first < others.length; first += CALLING_AT_ONCE) {
      const group = others.slice(first, first + CALLING_AT_ONCE);
      outcomes.push(...(await Promise.allSettled(group.map(async ({ peerId }) => mallory.callPeer(address, peerId)))));
    }
    return { refusals: tally(outcomes), harmed: crowd.since(before, "lost").length };
  } finally {
    await mallory.node.stop();
  }
}

/** A plain libp2p client for the words, and the app's adapter for what a person's app makes of it. */
async function askOneReservationMore(crowd: Crowd, address: string): Promise<PastLimit> {
  const before = Date.now();
  const outcomes = await Promise.allSettled([relayClient(address)]);
  for (const outcome of outcomes) if (outcome.status === "fulfilled") await outcome.value.node.stop();
  const late = await crowd.add();
  const failures = (): number => crowd.since(before, "failed").filter(({ index }) => index === late).length;
  await crowd.until(() => failures() >= TOLD_UNREACHABLE_AFTER, CIRCUIT_LIMIT_MS);
  crowd.remove(late);
  return { refusals: tally(outcomes), harmed: crowd.since(before, "lost").length };
}

function tally(outcomes: readonly PromiseSettledResult<unknown>[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const outcome of outcomes) {
    const words = outcome.status === "fulfilled" ? "granted" : wordsOf(outcome.reason);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, count]) => `${count} × ${words}`);
}

function wordsOf(reason: unknown): string {
  const text = String(reason);
  return /RESERVATION_REFUSED|PERMISSION_DENIED/.exec(text)?.[0] ?? text;
}

async function untilAllAreBack(crowd: Crowd, peers: number, outageMs: number): Promise<Restart> {
  const backAt = Date.now();
  const times = (): readonly number[] => crowd.since(backAt, "reserved").map(({ atMs }) => atMs - backAt);
  await crowd.until(() => times().length >= peers, RESERVE_LIMIT_MS);
  const sorted = times();
  const inSecond = sorted.map((from) => sorted.filter((at) => at >= from && at < from + RATE_WINDOW_MS).length);
  return {
    outageMs,
    allMs: sorted[peers - 1] ?? Number.NaN,
    mostMs: sorted[Math.ceil(peers * 0.9) - 1] ?? Number.NaN,
    highestPerSecond: Math.max(...inSecond),
    failedAttempts: crowd.since(backAt, "failed").length,
  };
}

async function residentKb(relay: RunningCommand): Promise<number> {
  const status = await readFile(`/proc/${relay.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}

/** User and system time of the process: fields 14 and 15, counted after the name in brackets. */
async function cpuMs(relay: RunningCommand): Promise<number> {
  const fields = (await readFile(`/proc/${relay.pid}/stat`, "utf8")).split(") ").at(-1)?.split(" ") ?? [];
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1_000;
}
