/**
 * The first round for a relay: until it is over, peers are not dialled. They would be through the same relay, and with many contacts the
 * one request by which this device becomes reachable would stand behind all of theirs. Once it is on its way, theirs follow.
 */
import type { Clock } from "../../core/clock.ts";
import { fireAndForget, waited } from "./background.ts";

/** Peers may have relays that answer while one's own do not. */
const LIMIT_MS = 1_000;

export class FirstRound {
  /** Resolves when the first request is on its way, has failed, or has taken too long. */
  readonly over: Promise<void>;
  readonly #clock: Pick<Clock, "delay">;
  readonly #timer = new AbortController();
  #resolve: () => void = () => undefined;

  constructor(clock: Pick<Clock, "delay">) {
    this.#clock = clock;
    this.over = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  begin(): void {
    fireAndForget(waited(this.#clock.delay(LIMIT_MS, this.#timer.signal)).then(this.#resolve));
  }

  end(): void {
    this.#timer.abort();
    this.#resolve();
  }
}
