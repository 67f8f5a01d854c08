/** One direction of a link: bytes in order, late by the latency, in pieces that have nothing to do with how they were sent. */
import type { Clock } from "../../core/clock.ts";
import { LinkClosedError } from "../../core/transport/transport.ts";

export interface PipeOptions {
  readonly clock: Clock;
  /** 0 included to 1 excluded. */
  readonly random: () => number;
  readonly latencyMs: number;
  readonly maxPieceBytes: number;
  /** `send` waits while more than this is under way. */
  readonly windowBytes: number;
  readonly deliver: (bytes: Uint8Array) => void;
  /** After the last byte of a pipe that was ended. */
  readonly onEnd: () => void;
}

interface Parcel {
  readonly bytes: Uint8Array;
  readonly dueAt: number;
}

export class MemoryPipe {
  readonly #options: PipeOptions;
  readonly #parcels: Parcel[] = [];
  readonly #writers: { readonly resume: () => void; readonly fail: (error: Error) => void }[] = [];
  #bytesUnderWay = 0;
  #lastDueAt = 0;
  #state: "open" | "ending" | "ended" | "lost" | "cut" = "open";
  #isPumping = false;

  constructor(options: PipeOptions) {
    this.#options = options;
  }

  /** Resolves when there is room for more. */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.#state === "lost") return;
    if (this.#state !== "open") throw new LinkClosedError("The link is closed");
    this.#parcels.push({ bytes: bytes.slice(), dueAt: this.#nextDueAt() });
    this.#bytesUnderWay += bytes.byteLength;
    this.#startPumping();
    if (this.#bytesUnderWay <= this.#options.windowBytes) return;
    await new Promise<void>((resolve, reject) => this.#writers.push({ resume: resolve, fail: reject }));
  }

  /** What is under way still arrives; `onEnd` follows it. */
  end(): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#lastDueAt = this.#nextDueAt();
    this.#failWriters();
    this.#startPumping();
  }

  /** What is under way is lost, and nobody is told. */
  cut(): void {
    if (this.#state === "ended") return;
    this.#state = "cut";
    this.#parcels.length = 0;
    this.#failWriters();
  }

  /** Loses what is under way and what will be sent, while the sender still believes in the link. */
  lose(): void {
    if (this.#state !== "open" && this.#state !== "ending") return;
    this.#state = "lost";
    this.#parcels.length = 0;
    for (const writer of this.#writers.splice(0)) writer.resume();
  }

  #nextDueAt(): number {
    const { clock, latencyMs, random } = this.#options;
    this.#lastDueAt = Math.max(this.#lastDueAt, clock.monotonic() + latencyMs * (0.5 + random()));
    return this.#lastDueAt;
  }

  #startPumping(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    // Its only way to fail is a clock that stopped for good, and then nothing arrives any more.
    this.#pump().catch(() => undefined);
  }

  async #pump(): Promise<void> {
    const { clock } = this.#options;
    while (this.#isAlive()) {
      const dueAt = this.#parcels[0]?.dueAt ?? this.#lastDueAt;
      await clock.delay(Math.max(0, dueAt - clock.monotonic()));
      if (!this.#isAlive()) return;
      this.#deliverDue();
      if (this.#parcels.length > 0) continue;
      if (this.#state === "open") {
        this.#isPumping = false;
        return;
      }
      if (clock.monotonic() >= this.#lastDueAt) {
        this.#finish();
        return;
      }
    }
  }

  #isAlive(): boolean {
    return this.#state === "open" || this.#state === "ending";
  }

  #deliverDue(): void {
    const now = this.#options.clock.monotonic();
    const next = this.#parcels.findIndex((parcel) => parcel.dueAt > now);
    const due = this.#parcels.splice(0, next < 0 ? this.#parcels.length : next);
    for (const piece of this.#pieces(joined(due))) this.#options.deliver(piece);
    for (const parcel of due) this.#bytesUnderWay -= parcel.bytes.byteLength;
    if (this.#bytesUnderWay <= this.#options.windowBytes) for (const writer of this.#writers.splice(0)) writer.resume();
  }

  *#pieces(bytes: Uint8Array): Iterable<Uint8Array> {
    for (let start = 0; start < bytes.byteLength;) {
      // Mostly short pieces, now and then long ones.
      const length = 1 + Math.floor(this.#options.random() ** 3 * this.#options.maxPieceBytes);
      yield bytes.slice(start, start + length);
      start += length;
    }
  }

  #finish(): void {
    this.#state = "ended";
    this.#options.onEnd();
  }

  #failWriters(): void {
    for (const writer of this.#writers.splice(0)) writer.fail(new LinkClosedError("The link was closed"));
  }
}

function joined(parcels: readonly Parcel[]): Uint8Array {
  const bytes = new Uint8Array(parcels.reduce((sum, parcel) => sum + parcel.bytes.byteLength, 0));
  let offset = 0;
  for (const parcel of parcels) {
    bytes.set(parcel.bytes, offset);
    offset += parcel.bytes.byteLength;
  }
  return bytes;
}
