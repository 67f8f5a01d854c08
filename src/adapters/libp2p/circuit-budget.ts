/** The limits a relay puts on one circuit, and when a circuit is to be replaced before they cut it. */
import type { ConnectionLimits } from "@libp2p/interface";

/** The side that dialled replaces its circuit at this share of either limit… */
const RENEW_SHARE_DIALLER = 0.7;
/** …and the other side when that did not happen. */
const RENEW_SHARE_ANSWERER = 0.85;

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

/** Share of the budget that is used up, 0 to 1 and above: the larger of bytes and time. */
export function usedShare(budget: CircuitBudget, usedBytes: number, ageMs: number): number {
  const byBytes = budget.bytes === undefined ? 0 : usedBytes / Math.max(1, budget.bytes);
  const byTime = budget.ms === undefined ? 0 : ageMs / Math.max(1, budget.ms);
  return Math.max(byBytes, byTime);
}

/** The share at which this side opens a new circuit. */
export function renewShare(isDialler: boolean): number {
  return isDialler ? RENEW_SHARE_DIALLER : RENEW_SHARE_ANSWERER;
}
