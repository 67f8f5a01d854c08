/**
 * Which way messages really take between two residents: by the bytes that passed the relay's interface and the selected ICE
 * pairs of all browsers while a message of known size was under way. What the app says about it is not asked.
 */
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { errors, type Page } from "@playwright/test";
import type { Lab } from "./lab.ts";
import type { Counters } from "./namespace.ts";
import type { Resident } from "./resident.ts";

/** Large enough to stand out from heartbeats and receipts, and below the limit of a message. */
const PAYLOAD_BYTES = 7_500;
/** Enough of it, and less than what anything else moves in that time. */
const PROOF_BYTES = 7_000;
const PAUSE_MS = 200;
const ARRIVAL_LIMIT_MS = 30_000;

export type Rung =
  /** With the kinds of the selected candidates, the sender's first. */
  | { readonly kind: "direct"; readonly candidates: string }
  | { readonly kind: "peer" }
  /** Helper and relay moved it both, one after the other or each for itself. */
  | { readonly kind: "both" }
  | { readonly kind: "relay" }
  /** It did not arrive in 30 s. */
  | { readonly kind: "none" }
  /** The message arrived and no counter explains how. */
  | { readonly kind: "unknown"; readonly seen: string };

interface PairBytes {
  readonly candidates: string;
  readonly sent: number;
  readonly received: number;
}

/** Sends a large message from the open conversation of the first to the open conversation of the second. */
export async function provePath(lab: Lab, from: Resident, to: Resident, helper?: Resident): Promise<Rung> {
  const before = await look(lab, from, to, helper);
  const text = `proof ${randomBytes(PAYLOAD_BYTES / 2).toString("hex")}`.slice(0, PAYLOAD_BYTES);
  await from.person.send(text);
  if (!(await hasArrived(to, text.slice(0, 40)))) return { kind: "none" };
  const after = await look(lab, from, to, helper);

  const relayed = passed(before.relay, after.relay);
  const helped = before.helper === undefined || after.helper === undefined ? 0 : passed(before.helper, after.helper);
  if (helped >= PROOF_BYTES) return { kind: relayed >= PROOF_BYTES ? "both" : "peer" };
  if (relayed >= PROOF_BYTES) return { kind: "relay" };
  const outgoing = moved(before.from, after.from, "sent");
  const incoming = moved(before.to, after.to, "received");
  if (outgoing !== undefined && incoming !== undefined) return { kind: "direct", candidates: outgoing };
  return { kind: "unknown", seen: JSON.stringify({ before, after }) };
}

/** The first proof of this kind, or the last of any kind in this time. */
export async function proveUntil(kind: Rung["kind"], limitMs: number, prove: () => Promise<Rung>): Promise<Rung> {
  const endsAt = performance.now() + limitMs;
  let rung = await prove();
  while (rung.kind !== kind && performance.now() < endsAt) {
    await delay(PAUSE_MS);
    rung = await prove();
  }
  return rung;
}

async function hasArrived({ person }: Resident, text: string): Promise<boolean> {
  try {
    await person.message(text).waitFor({ timeout: ARRIVAL_LIMIT_MS });
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}

async function look(lab: Lab, from: Resident, to: Resident, helper: Resident | undefined) {
  const [relay, helped, outgoing, incoming] = await Promise.all([
    lab.relayCounters(),
    helper === undefined ? undefined : pairTotals(helper.person.page),
    pairBytes(from.person.page),
    pairBytes(to.person.page),
  ]);
  return { relay, helper: helped, from: outgoing, to: incoming };
}

/** Over all WebRTC connections: a helper's interface also moves its own page and what keeps it up to date. */
async function pairTotals(page: Page): Promise<Counters> {
  const pairs = await pairBytes(page);
  const sum = (way: "received" | "sent") => pairs.reduce((total, pair) => total + pair[way], 0);
  return { received: sum("received"), sent: sum("sent") };
}

/** What came in and went out again, at most. */
function passed(before: Counters, after: Counters): number {
  return Math.min(after.received - before.received, after.sent - before.sent);
}

/** The candidates of a connection of the page that carried the message. */
function moved(
  before: readonly PairBytes[],
  after: readonly PairBytes[],
  way: "sent" | "received",
): string | undefined {
  return after.find((pair, index) => pair[way] - (before[index]?.[way] ?? 0) >= PROOF_BYTES)?.candidates;
}

/** Of every WebRTC connection that the page ever made, in that order: its selected pair, and what passed it. */
async function pairBytes(page: Page): Promise<readonly PairBytes[]> {
  return page.evaluate(async () =>
    Promise.all(
      (window.kithProbe?.connections ?? []).map(async (connection) => {
        const stats: ReadonlyMap<string, Record<string, unknown>> = await connection.getStats();
        const transport = [...stats.values()].find((entry) => entry["type"] === "transport");
        const pair = stats.get(String(transport?.["selectedCandidatePairId"]));
        const kindOf = (end: string) => String(stats.get(String(pair?.[end]))?.["candidateType"]);
        return {
          candidates: `${kindOf("localCandidateId")}–${kindOf("remoteCandidateId")}`,
          sent: Number(pair?.["bytesSent"] ?? 0),
          received: Number(pair?.["bytesReceived"] ?? 0),
        };
      }),
    ),
  );
}
