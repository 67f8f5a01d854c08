/** The limits a relay puts on one circuit, and when a circuit is to be replaced before they cut it. */
import type { ConnectionLimits } from "@libp2p/interface";

/** The side that dialled replaces its circuit at this share of either limit… */
const RENEW_SHARE_DIALLER = 0.7;
/** …and the other side when that did not happen. */
const RENEW_SHARE_ANSWERER = 0.85;

/**
 * From this share of the bytes on an end sends nothing until the circuit is replaced, so that a dial that takes long loses no link. The
 * rest is for what both have sent and not heard of yet.
 */
const HOLD_SHARE = 0.85;

/** Before the time is over, the dialler has this long for a new circuit, and the other end that long, unless the limit is short… */
const RENEW_MARGIN_DIALLER_MS = 3_000;
const RENEW_MARGIN_ANSWERER_MS = 1_500;
/** …and a circuit lives at least this share of its time. */
const MIN_LIFE_SHARE = 0.4;

/**
 * The wire field counts seconds, but unpatched js-libp2p relays put their milliseconds there. Hardly a relay grants hours and hardly
 * one grants under ten seconds, so from here on the number is read as milliseconds: if that is wrong, circuits are renewed too early.
 */
const MILLISECONDS_FROM = 10_000;

/** What a circuit was granted when it opened; undefined means no limit. */
export interface CircuitBudget {
  readonly bytes: number | undefined;
  readonly ms: number | undefined;
}

export function readBudget(limits: ConnectionLimits | undefined): CircuitBudget {
  const seconds = limits?.seconds;
  return {
    bytes: limits?.bytes === undefined ? undefined : Number(limits.bytes),
    ms: seconds === undefined ? undefined : seconds >= MILLISECONDS_FROM ? seconds : seconds * 1000,
  };
}

/** How much of its bytes a circuit may have carried when this side opens a new one; undefined means no limit. */
export function renewAtBytes(budget: CircuitBudget, isDialler: boolean): number | undefined {
  return budget.bytes === undefined ? undefined : budget.bytes * renewShare(isDialler);
}

/**
 * Whether this side should send nothing more on a circuit that has carried so much, and had when the peer was heard last. What was sent
 * since then counts twice: the peer may have sent as much, and a relay that stands still delivers it all at once.
 */
export function mustHold(budget: CircuitBudget, carriedBytes: number, carriedWhenHeardBytes: number): boolean {
  const sinceHeardBytes = carriedBytes - carriedWhenHeardBytes;
  return budget.bytes !== undefined && carriedBytes + sinceHeardBytes >= budget.bytes * HOLD_SHARE;
}

/** The age, in milliseconds, at which this side opens a new circuit; undefined means no limit. */
export function renewAtMs(budget: CircuitBudget, isDialler: boolean): number | undefined {
  if (budget.ms === undefined) return undefined;
  const marginMs = isDialler ? RENEW_MARGIN_DIALLER_MS : RENEW_MARGIN_ANSWERER_MS;
  return Math.max(budget.ms * MIN_LIFE_SHARE, Math.min(budget.ms * renewShare(isDialler), budget.ms - marginMs));
}

function renewShare(isDialler: boolean): number {
  return isDialler ? RENEW_SHARE_DIALLER : RENEW_SHARE_ANSWERER;
}
