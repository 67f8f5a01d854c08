/**
 * How fast circuits may go through this device. A data channel cannot be slowed by who receives: what comes is taken and counted, and waits
 * here until the line may carry it on. Ends that go by their windows and acknowledgements fall into step with that; what of others waits is
 * bounded by what their circuit was granted, and all together by `MAX_WAITING_BYTES`.
 */
import type { Stream } from "@libp2p/interface";
import type { Clock } from "../../core/clock.ts";
import { fireAndForget, waited } from "./background.ts";

/** Of all circuits. The sender of the most is cut when it is passed. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** What goes on at once: about what a data channel puts into one message. */
const PART_BYTES = 16 * 1024;
/** Timers of a page in the background ring late. What was missed is made up for, but not after a sleep. */
const MAX_LATE_MS = 2_000;

/** Turns for parts, each as long as its cost takes at this rate. */
export class Pace {
  readonly #bytesPerSecond: number;
  #freeAtMs = 0;

  constructor(bytesPerSecond: number) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** When the next part may go, monotonic, for one that has waited since then. */
  reserve(costBytes: number, sinceMs: number): number {
    const atMs = Math.max(this.#freeAtMs, sinceMs);
    this.#freeAtMs = atMs + (costBytes / this.#bytesPerSecond) * 1_000;
    return atMs;
  }
}

export interface CircuitPacesOptions {
  readonly clock: Clock;
  /** Over the line, in plus out. */
  readonly bytesPerSecond: number;
  /** The same, of one circuit in one direction. */
  readonly circuitBytesPerSecond: number;
  readonly cost: (bytes: number) => number;
  /** More waits than there is room for, most of it for this stream. */
  readonly onOverflow: (stream: Stream) => void;
}

/** What waits for one stream. */
interface Queue {
  readonly parts: Uint8Array[];
  bytes: number;
  isMoving: boolean;
}

export class CircuitPaces {
  readonly #options: CircuitPacesOptions;
  readonly #all: Pace;
  readonly #queues = new Map<Stream, Queue>();

  constructor(options: CircuitPacesOptions) {
    this.#options = options;
    this.#all = new Pace(options.bytesPerSecond);
  }

  /** From now on what is sent on this stream goes at the pace of circuits. libp2p joins two streams by `send`, "drain" and `close` alone. */
  slow(stream: Stream): void {
    const queue: Queue = { parts: [], bytes: 0, isMoving: false };
    const send = stream.send.bind(stream);
    const close = stream.close.bind(stream);
    const pace = new Pace(this.#options.circuitBytesPerSecond);
    this.#queues.set(stream, queue);
    stream.addEventListener("close", () => this.#queues.delete(stream));
    stream.send = (data) => {
      const bytes = data.subarray();
      for (let at = 0; at < bytes.length; at += PART_BYTES) queue.parts.push(bytes.subarray(at, at + PART_BYTES));
      queue.bytes += bytes.length;
      if (!queue.isMoving) fireAndForget(this.#move(stream, queue, pace, send));
      this.#keepBound();
      return queue.bytes === 0 && !stream.writableNeedsDrain;
    };
    stream.close = async (options) => {
      // All of it was counted when it came, and whoever closes waits for nothing more.
      while (queue.bytes > 0 && isOpen(stream)) send(takeFirst(queue));
      await close(options);
    };
  }

  async #move(stream: Stream, queue: Queue, pace: Pace, send: Stream["send"]): Promise<void> {
    const { clock, cost } = this.#options;
    let sinceMs = clock.monotonic();
    let hasWaited = false;
    queue.isMoving = true;
    for (let first = queue.parts[0]; first !== undefined && isOpen(stream); first = queue.parts[0]) {
      if (stream.writableNeedsDrain) {
        await drained(stream);
        sinceMs = clock.monotonic();
        hasWaited = true;
        continue;
      }
      const costBytes = cost(first.byteLength);
      const atMs = Math.max(pace.reserve(costBytes, sinceMs), this.#all.reserve(costBytes, sinceMs));
      if (atMs > clock.monotonic()) {
        await waited(clock.delay(atMs - clock.monotonic()));
        hasWaited = true;
      }
      sinceMs = Math.max(atMs, clock.monotonic() - MAX_LATE_MS);
      // Closed meanwhile, it went at once.
      if (queue.parts[0] === first && isOpen(stream)) send(takeFirst(queue));
    }
    queue.isMoving = false;
    if (hasWaited && isOpen(stream) && !stream.writableNeedsDrain) stream.dispatchEvent(new Event("drain"));
  }

  #keepBound(): void {
    const queues = [...this.#queues];
    if (queues.reduce((sum, [, { bytes }]) => sum + bytes, 0) <= MAX_WAITING_BYTES) return;
    const most = queues.reduce((one, other) => (other[1].bytes > one[1].bytes ? other : one));
    this.#options.onOverflow(most[0]);
  }
}

function takeFirst(queue: Queue): Uint8Array {
  const first = queue.parts.shift() ?? new Uint8Array();
  queue.bytes -= first.byteLength;
  return first;
}

function isOpen(stream: Stream): boolean {
  return stream.status === "open";
}

/** Until the muxer takes more, or nothing any more. */
async function drained(stream: Stream): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.addEventListener("drain", () => resolve(), { once: true });
    stream.addEventListener("close", () => resolve(), { once: true });
  });
}
