/**
 * Events as listeners get them: at once while few messages come. When many come, what is told of one conversation waits for a moment and
 * is told together, so that a backlog is drawn a few times a second and not once for every batch. Order within a conversation stays.
 */
import type { ThreadId } from "./codec/ids.ts";
import type { Clock } from "./clock.ts";
import type { MessageView, MessengerEvent, ReceiptsView, ThreadView } from "./views.ts";

const PACE_MS = 200;
/** Messages that are told one by one within that time. */
const FEW_MESSAGES = 32;
/** No more than this many wait, should time stand still. */
const MOST_HELD = 2_000;

interface Held {
  readonly upserts: Map<string, MessageView>;
  readonly removed: Set<string>;
  receipts?: ReceiptsView;
  thread?: ThreadView;
}

export class EventPace {
  readonly #clock: Clock;
  readonly #tell: (event: MessengerEvent) => void;
  readonly #held = new Map<ThreadId, Held>();
  #heldMessages = 0;
  #toldMessages = 0;
  /** Monotonic. */
  #endsAtMs = 0;

  constructor(clock: Clock, tell: (event: MessengerEvent) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  emit(event: MessengerEvent): void {
    if (event.type !== "messages" && event.type !== "receipts" && event.type !== "thread") {
      this.flush();
      this.#tell(event);
      return;
    }
    const nowMs = this.#clock.monotonic();
    if (this.#held.size === 0) {
      if (nowMs >= this.#endsAtMs) this.#begin(nowMs, 0);
      if (this.#toldMessages < FEW_MESSAGES) {
        this.#toldMessages += messagesOf(event);
        this.#tell(event);
        return;
      }
      void this.#flushLater(this.#endsAtMs - nowMs);
    }
    this.#hold(event);
    if (this.#heldMessages > MOST_HELD) this.flush();
  }

  /** Tells what waits. */
  flush(): void {
    if (this.#held.size === 0) return;
    const held = [...this.#held];
    this.#begin(this.#clock.monotonic(), this.#heldMessages);
    this.#held.clear();
    this.#heldMessages = 0;
    for (const [id, { upserts, removed, receipts, thread }] of held) {
      if (upserts.size + removed.size > 0)
        this.#tell({ type: "messages", thread: id, upserts: [...upserts.values()], removed: [...removed] });
      if (receipts !== undefined) this.#tell({ type: "receipts", thread: id, receipts });
      if (thread !== undefined) this.#tell({ type: "thread", thread });
    }
  }

  async #flushLater(afterMs: number): Promise<void> {
    await this.#clock.delay(afterMs);
    this.flush();
  }

  #begin(nowMs: number, toldMessages: number): void {
    this.#endsAtMs = nowMs + PACE_MS;
    this.#toldMessages = toldMessages;
  }

  #hold(event: Extract<MessengerEvent, { type: "messages" | "receipts" | "thread" }>): void {
    const id = event.type === "thread" ? event.thread.id : event.thread;
    let held = this.#held.get(id);
    if (held === undefined) this.#held.set(id, (held = { upserts: new Map(), removed: new Set() }));
    if (event.type === "thread") held.thread = event.thread;
    else if (event.type === "receipts") held.receipts = event.receipts;
    else {
      for (const message of event.upserts) {
        held.upserts.set(message.id, message);
        held.removed.delete(message.id);
      }
      for (const message of event.removed) {
        held.upserts.delete(message);
        held.removed.add(message);
      }
    }
    this.#heldMessages += messagesOf(event);
  }
}

function messagesOf(event: MessengerEvent): number {
  return event.type === "messages" ? event.upserts.length + event.removed.length : 0;
}
