/** Keeps trying to hold one good link to one wanted peer: dials with back-off and jitter, climbs, and says how the peer is reached. */
import type { Clock } from "../../core/clock.ts";
import type { Path, WantedPeer } from "../../core/transport/transport.ts";

const FIRST_DELAY_MS = 200;
const RETRY_DELAY_MS = 1_000;
const CLIMB_DELAY_MS = 2_000;
/** How long "connecting" is believed before it is called "away". */
const CONNECTING_MS = 15_000;

export interface DiallerOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly wanted: WantedPeer;
  readonly maxRetryDelayMs: number;
  /** One attempt; whether a new link came of it. */
  readonly dial: (wanted: WantedPeer) => boolean;
  readonly bestPath: () => Path | undefined;
  readonly onPath: (path: Path) => void;
}

/** Why a delay ended early. Making one for each takes longer than all else here. */
const REPLACED = new Error("something newer is planned");

export class PeerDialler {
  readonly #options: DiallerOptions;
  #wanted: WantedPeer;
  #told: Path | undefined;
  #tryingSince = 0;
  #failures = 0;
  #timer = new AbortController();
  readonly #end = new AbortController();

  constructor(options: DiallerOptions) {
    this.#options = options;
    this.#wanted = options.wanted;
    this.#startTrying();
    this.onLinksChanged();
  }

  get wanted(): WantedPeer {
    return this.#wanted;
  }

  update(wanted: WantedPeer): void {
    const isNews = JSON.stringify(wanted) !== JSON.stringify(this.#wanted);
    this.#wanted = wanted;
    if (isNews) this.wake();
  }

  /** Forgets the back-off. */
  wake(): void {
    this.#startTrying();
    this.#tellPath();
    this.#dialAfter(FIRST_DELAY_MS);
  }

  /** A link to the peer came or went. */
  onLinksChanged(): void {
    const hadLink = this.#told?.kind === "direct" || this.#told?.kind === "relay";
    const path = this.#options.bestPath();
    if (path === undefined) {
      if (hadLink) this.#startTrying();
      this.#dialAfter(FIRST_DELAY_MS);
    } else if (path.kind === "direct") this.#timer.abort(REPLACED);
    else this.#dialAfter(CLIMB_DELAY_MS);
    this.#tellPath();
  }

  stop(): void {
    this.#timer.abort(REPLACED);
    this.#end.abort(REPLACED);
  }

  #startTrying(): void {
    const { clock } = this.#options;
    this.#tryingSince = clock.monotonic();
    this.#failures = 0;
    clock.delay(CONNECTING_MS, this.#end.signal).then(
      () => this.#tellPath(),
      () => undefined,
    );
  }

  #dialAfter(delayMs: number): void {
    this.#timer.abort(REPLACED);
    const timer = new AbortController();
    this.#timer = timer;
    const jittered = delayMs * (0.5 + this.#options.random());
    this.#options.clock.delay(jittered, timer.signal).then(
      () => this.#dialNow(timer.signal),
      // Stopped, or something newer is planned.
      () => undefined,
    );
  }

  #dialNow(signal: AbortSignal): void {
    if (signal.aborted) return;
    const hasLink = this.#options.dial(this.#wanted);
    if (!hasLink) this.#failures += 1;
    this.#tellPath();
    const backOffMs = Math.min(RETRY_DELAY_MS * 2 ** this.#failures, this.#options.maxRetryDelayMs);
    this.#dialAfter(backOffMs);
  }

  #tellPath(): void {
    const path = this.#options.bestPath() ?? this.#pathWithoutLink();
    if (JSON.stringify(path) === JSON.stringify(this.#told)) return;
    this.#told = path;
    this.#options.onPath(path);
  }

  #pathWithoutLink(): Path {
    const isRecent = this.#options.clock.monotonic() - this.#tryingSince < CONNECTING_MS;
    return isRecent ? { kind: "connecting" } : { kind: "away" };
  }
}
