/** Waiting times between attempts: exponential, with jitter so that many peers do not come back in the same instant. */

export interface BackOffSettings {
  readonly firstMs: number;
  readonly capMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

export class BackOff {
  readonly #settings: BackOffSettings;
  #failures = 0;

  constructor(settings: BackOffSettings) {
    this.#settings = settings;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Counts one more failure and says how many milliseconds to wait: between half and all of `first × 2^failures`, capped. */
  next(): number {
    const { firstMs, capMs, random } = this.#settings;
    const fullMs = Math.min(capMs, firstMs * 2 ** Math.min(this.#failures, 30));
    this.#failures += 1;
    return fullMs / 2 + (random() * fullMs) / 2;
  }

  reset(): void {
    this.#failures = 0;
  }
}
