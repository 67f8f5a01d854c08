/** One libp2p stream as a Link of the transport port: bytes in order, back-pressure, one close. */
import type { Connection, Stream } from "@libp2p/interface";
import type { Clock } from "../../core/clock.ts";
import type { PeerKey } from "../../core/codec/ids.ts";
import { type Link, LinkClosedError, type LinkHandlers } from "../../core/transport/transport.ts";
import { fireAndForget, waited } from "./background.ts";
import { type CircuitBudget, mustHold, readBudget, renewAtBytes, renewAtMs } from "./circuit-budget.ts";
import type { Mailbox } from "./mailbox.ts";
import { type LivePath, pathOf } from "./path.ts";

/** How long a close waits for queued bytes to leave. */
const FLUSH_TIMEOUT_MS = 700;
/**
 * The end that answers has a new link a moment before the end that opens it. Would it close the old one at once, the opener would for
 * that moment have no link at all.
 */
const REPLACED_CLOSE_DELAY_MS = 250;
/** How long bytes wait for the circuit to be replaced. After that no new one will come soon, and what is left of this one serves. */
const HOLD_MS = 10_000;
/** The end that dialled replaces a held circuit at once, the other one when that did not help: two dials at once would cross. */
const ANSWERER_PATIENCE_MS = 1_000;

export interface StreamLinkOptions {
  readonly peer: PeerKey;
  readonly stream: Stream;
  readonly connection: Connection;
  readonly isOpener: boolean;
  readonly clock: Clock;
  readonly mailbox: Mailbox;
  /** Whether a newer link to the peer exists. */
  readonly isReplaced: (link: StreamLink) => boolean;
  /** Called with everything that the peer says here. */
  readonly onHeard: (link: StreamLink) => void;
  /** Called once, synchronously, when the link ended. */
  readonly onEnd: (link: StreamLink) => void;
  /** Called when the circuit under the link should be replaced, and when its peer begins or ceases to be in doubt. */
  readonly onDue: (link: StreamLink) => void;
}

export class StreamLink implements Link {
  readonly peer: PeerKey;
  readonly path: LivePath;
  readonly isOpener: boolean;
  readonly connection: Connection;
  /** Monotonic milliseconds. */
  readonly openedAtMs: number;
  lastHeardAtMs: number;
  /** Whether the peer has said anything here: a link that carried nothing proves no path. */
  hasCarried = false;

  readonly #options: StreamLinkOptions;
  readonly #stream: Stream;
  readonly #budget: CircuitBudget;
  readonly #bytesGranted: bigint | undefined;
  readonly #ended = new AbortController();
  #handlers: LinkHandlers | undefined;
  #isDue = false;
  #isDoubtful = false;
  #carriedWhenHeardBytes = 0;
  #closing: Promise<void> | undefined;
  /** Since the circuit is nearly used up. Kept when it is over, so that what waited keeps its place before what comes later. */
  #held: Promise<boolean> | undefined;
  #waiting: (() => void)[] = [];

  constructor(options: StreamLinkOptions) {
    const { stream, connection, clock } = options;
    this.#options = options;
    this.#stream = stream;
    this.peer = options.peer;
    this.isOpener = options.isOpener;
    this.connection = connection;
    this.path = pathOf(connection);
    this.openedAtMs = clock.monotonic();
    this.lastHeardAtMs = this.openedAtMs;
    this.#budget = readBudget(connection.limits);
    this.#bytesGranted = connection.limits?.bytes;

    // Listeners before anything asynchronous: what libp2p has buffered is delivered to the first listener.
    stream.addEventListener("message", (event) => this.#hear(event.data.subarray()));
    stream.addEventListener("drain", () => queueMicrotask(() => this.#wakeSenders()));
    stream.addEventListener("remoteCloseWrite", () => fireAndForget(this.#closeNow()));
    stream.addEventListener("close", () => this.#end());
    if (stream.status !== "open") this.#end();
    else if (stream.remoteWriteStatus === "closed") fireAndForget(this.#closeNow());
    fireAndForget(this.#becomeDueInTime());
  }

  get isEnded(): boolean {
    return this.#ended.signal.aborted;
  }

  /** Whether the circuit below is nearly used up. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** Whether an answer of the peer is overdue here. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  setDoubtful(isDoubtful: boolean): void {
    if (this.#isDoubtful === isDoubtful || this.isEnded) return;
    this.#isDoubtful = isDoubtful;
    this.#options.onDue(this);
  }

  /** From the mailbox, before any event of this link that was posted later. */
  attach(handlers: LinkHandlers): void {
    this.#handlers = handlers;
  }

  async send(bytes: Uint8Array): Promise<void> {
    this.#throwIfClosed();
    if (mustHold(this.#budget, this.#carriedBytes(), this.#carriedWhenHeardBytes)) this.#hold();
    if (this.#held !== undefined) {
      await this.#held;
      this.#throwIfClosed();
    }
    try {
      this.#stream.send(bytes);
    } catch (cause) {
      throw new LinkClosedError("the link is closed", { cause });
    }
    this.#checkBytes();
    // Not the stream's own onDrain(): it stays resolved for ever after the first drain.
    while (this.#stream.writableNeedsDrain) {
      await new Promise<void>((resolve) => {
        if (this.#ended.signal.aborted) resolve();
        else this.#waiting.push(resolve);
      });
      if (this.#ended.signal.aborted) throw new LinkClosedError("the link closed while sending");
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeGently();
    return this.#closing;
  }

  /** Ends the link at once; queued bytes are lost. */
  abort(reason: string): void {
    this.#stream.abort(new Error(reason));
    this.#end();
  }

  async #closeGently(): Promise<void> {
    const { clock, isReplaced } = this.#options;
    if (isReplaced(this)) await waited(clock.delay(REPLACED_CLOSE_DELAY_MS, this.#ended.signal));
    await this.#closeNow();
  }

  async #closeNow(): Promise<void> {
    try {
      if (!this.isEnded) await this.#stream.close({ signal: AbortSignal.timeout(FLUSH_TIMEOUT_MS) });
    } catch (error) {
      this.#stream.abort(error instanceof Error ? error : new Error("close failed"));
    }
    this.#end();
  }

  #throwIfClosed(): void {
    if (this.isEnded || this.#closing !== undefined) throw new LinkClosedError("the link is closed");
  }

  #hear(bytes: Uint8Array): void {
    this.lastHeardAtMs = this.#options.clock.monotonic();
    this.hasCarried = true;
    this.#carriedWhenHeardBytes = this.#carriedBytes();
    this.setDoubtful(false);
    this.#checkBytes();
    this.#options.onHeard(this);
    this.#options.mailbox.post(() => this.#handlers?.onData(bytes));
  }

  #wakeSenders(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }

  #end(): void {
    if (this.isEnded) return;
    this.#ended.abort();
    this.#wakeSenders();
    this.#options.mailbox.post(() => {
      const handlers = this.#handlers;
      this.#handlers = undefined;
      handlers?.onClose();
    });
    this.#options.onEnd(this);
  }

  /** What both ends have sent and this one knows of. */
  #carriedBytes(): number {
    return Number((this.#bytesGranted ?? 0n) - (this.connection.limits?.bytes ?? 0n));
  }

  #hold(): void {
    if (this.#held !== undefined) return;
    const { clock } = this.#options;
    this.#held = waited(clock.delay(HOLD_MS, this.#ended.signal));
    if (this.isOpener) this.#becomeDue();
    else fireAndForget(clock.delay(ANSWERER_PATIENCE_MS, this.#ended.signal).then(() => this.#becomeDue()));
  }

  #checkBytes(): void {
    const limit = renewAtBytes(this.#budget, this.isOpener);
    if (limit !== undefined && this.#carriedBytes() >= limit) this.#becomeDue();
  }

  async #becomeDueInTime(): Promise<void> {
    const dueMs = renewAtMs(this.#budget, this.isOpener);
    if (dueMs === undefined) return;
    const ageMs = Math.max(0, this.#options.clock.now() - this.connection.timeline.open);
    await this.#options.clock.delay(Math.max(0, dueMs - ageMs), this.#ended.signal);
    this.#becomeDue();
  }

  #becomeDue(): void {
    if (this.#isDue || this.isEnded) return;
    this.#isDue = true;
    this.#options.onDue(this);
  }
}
