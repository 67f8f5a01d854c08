/** Notices connections whose other end has vanished: closed laptops, killed tabs, sockets that only look open after a freeze. */
import type { Connection } from "@libp2p/interface";
import type { Clock } from "../../core/clock.ts";
import { fireAndForget, waited } from "./background.ts";

const PING_PROTOCOL = "/ipfs/ping/1.0.0";
const PING_BYTES = 32;
/** A peer that has been silent so long is asked. With the look and the timeout, one that vanished is noticed within ten seconds. */
const SILENCE_MS = 4000;
const LOOK_MS = 1000;
const TIMEOUT_MS = 5000;
/** Answers take less. Who has not answered by then may be gone: another way is looked for while this one is waited for. */
const DOUBT_MS = 1500;
/** A timer later than this was held up by a sleeping page, and says nothing about the peer. */
const LATE_TIMER_MS = 2000;

/** Whether the other end answers within `timeoutMs` of time this page was awake. */
async function isAlive(connection: Connection, timeoutMs: number, clock: Clock): Promise<boolean> {
  const startMs = clock.monotonic();
  const hasAnswered = await ping(connection, timeoutMs);
  if (hasAnswered) return true;
  if (connection.status !== "open") return false;
  const wasAsleep = clock.monotonic() - startMs > timeoutMs + LATE_TIMER_MS;
  return wasAsleep ? ping(connection, timeoutMs) : false;
}

async function ping(connection: Connection, timeoutMs: number): Promise<boolean> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const stream = await connection.newStream(PING_PROTOCOL, { signal, runOnLimitedConnection: true });
    const answered = new Promise<boolean>((resolve) => {
      stream.addEventListener("message", () => resolve(true), { once: true });
      stream.addEventListener("close", () => resolve(!signal.aborted && connection.status === "open"), { once: true });
      signal.addEventListener("abort", () => resolve(false), { once: true });
    });
    stream.send(crypto.getRandomValues(new Uint8Array(PING_BYTES)));
    const isAnswered = await answered;
    if (isAnswered) fireAndForget(stream.close({ signal }).catch((error: Error) => stream.abort(error)));
    else stream.abort(new Error("no answer to ping"));
    return isAnswered;
  } catch {
    // A refusal is an answer: the peer is there, even if it speaks no ping or has too many of them.
    return !signal.aborted && connection.status === "open";
  }
}

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly connections: () => readonly Connection[];
  /** Monotonic milliseconds of the last byte heard on this connection; 0 when unknown. */
  readonly lastHeardAtMs: (connection: Connection) => number;
  /** An answer is overdue, or came after all. */
  readonly onDoubt?: (connection: Connection, isDoubtful: boolean) => void;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #checking = new Set<Connection>();
  /** Monotonic milliseconds of the last answer to a ping. */
  readonly #answeredAtMs = new WeakMap<Connection, number>();

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (await waited(clock.delay(LOOK_MS, signal))) {
      for (const connection of this.#options.connections()) {
        const answeredAtMs = this.#answeredAtMs.get(connection) ?? 0;
        const silentMs = clock.monotonic() - Math.max(answeredAtMs, this.#options.lastHeardAtMs(connection));
        if (silentMs >= SILENCE_MS && !this.#checking.has(connection)) {
          fireAndForget(this.check(connection, TIMEOUT_MS));
        }
      }
    }
  }

  /** Aborts the connection unless it answers in time. Says whether it lives. */
  async check(connection: Connection, timeoutMs: number): Promise<boolean> {
    const { clock, onDoubt } = this.#options;
    const answered = new AbortController();
    const isOverdue = waited(clock.delay(DOUBT_MS, answered.signal));
    fireAndForget(isOverdue.then((hasPassed) => (hasPassed ? onDoubt?.(connection, true) : undefined)));
    this.#checking.add(connection);
    const lives = await isAlive(connection, timeoutMs, clock);
    answered.abort();
    this.#checking.delete(connection);
    if (lives) {
      this.#answeredAtMs.set(connection, clock.monotonic());
      onDoubt?.(connection, false);
    } else connection.abort(new Error("the peer does not answer"));
    return lives;
  }
}
