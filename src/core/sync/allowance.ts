/**
 * What somebody may make this device do, over time: a store of units that fills up steadily. It is large enough for everything that
 * honest peers do. Who goes beyond it waits and, since credit is given only for what was handled, stops sending; nothing is lost.
 */
import type { Clock } from "../clock.ts";

export interface Rate {
  /** Units that can be spent at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Of one account: ten thousand single messages at once, then as much as takes about a tenth of a processor. */
export const WORK_RATE: Rate = { burst: 20_000, perSecond: 100 };
/** Of one account: 256 MiB at once, and 512 MiB a day. */
export const STORED_BYTES_RATE: Rate = { burst: 256 * 1024 * 1024, perSecond: 6 * 1024 };

/** What handling frames cost, in the units of `Sync`. */
export interface Cost {
  /** About one signature check each. */
  readonly work: number;
  /** Put on disk. */
  readonly bytes: number;
}

export const FREE: Cost = { work: 0, bytes: 0 };
export const STATEMENT_COST: Cost = { work: 1, bytes: 0 };
/** A decapsulation. */
export const RESEND_ANSWER_COST: Cost = { work: 4, bytes: 0 };
export const COMPARISON_COST: Cost = { work: 2, bytes: 0 };

/** While somebody waits, it is looked this often whether the link still exists. */
const LOOK_MS = 1_000;
const MS_PER_SECOND = 1_000;
/** More spenders than this are kept only while something is missing from their store. */
const KEPT_SPENDERS = 256;

interface Balance {
  left: number;
  /** Monotonic. */
  atMs: number;
}

export class Allowances {
  readonly #clock: Clock;
  readonly #rate: Rate;
  readonly #balances = new Map<string, Balance>();

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** Takes the cost as soon as it is there. Costs above the burst count as the burst. Resolves early when `isOver`. */
  async spend(spender: string, cost: number, isOver: () => boolean): Promise<void> {
    const needed = Math.min(cost, this.#rate.burst);
    if (needed <= 0) return;
    while (!this.take(spender, needed)) {
      const waitMs = ((needed - this.#current(spender).left) / this.#rate.perSecond) * MS_PER_SECOND;
      await this.#clock.delay(Math.min(Math.ceil(waitMs), LOOK_MS));
      if (isOver()) return;
    }
  }

  /** Takes the cost if it is there now. */
  take(spender: string, cost: number): boolean {
    const balance = this.#current(spender);
    if (balance.left < cost) return false;
    balance.left -= cost;
    return true;
  }

  #current(spender: string): Balance {
    const nowMs = this.#clock.monotonic();
    let balance = this.#balances.get(spender);
    if (balance === undefined) {
      if (this.#balances.size >= KEPT_SPENDERS) this.#dropFull(nowMs);
      this.#balances.set(spender, (balance = { left: this.#rate.burst, atMs: nowMs }));
    }
    balance.left = this.#filled(balance, nowMs);
    balance.atMs = nowMs;
    return balance;
  }

  #filled({ left, atMs }: Balance, nowMs: number): number {
    return Math.min(this.#rate.burst, left + ((nowMs - atMs) / MS_PER_SECOND) * this.#rate.perSecond);
  }

  #dropFull(nowMs: number): void {
    for (const [spender, balance] of this.#balances) {
      if (this.#filled(balance, nowMs) >= this.#rate.burst) this.#balances.delete(spender);
    }
  }
}
