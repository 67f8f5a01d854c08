/**
 * Clocks of this device on their way out (PROTOCOL, Statements). Each replaces the one before, so in a burst of messages most need
 * not be sent: the first ones go at once, as fast as people type, and of the others the newest every tenth of a second.
 */
import type { Clock } from "../clock.ts";
import type { ConversationId } from "../codec/ids.ts";
import { Allowances } from "./allowance.ts";

/** Of one conversation. */
const CLOCK_RATE = { burst: 10, perSecond: 10 };

export class PacedClocks {
  readonly #rate: Allowances;
  readonly #send: (conversation: ConversationId, bytes: Uint8Array) => void;
  /** The newest clock of each conversation that waits for its turn. */
  readonly #waiting = new Map<ConversationId, Uint8Array>();

  constructor(clock: Clock, send: (conversation: ConversationId, bytes: Uint8Array) => void) {
    this.#rate = new Allowances(clock, CLOCK_RATE);
    this.#send = send;
  }

  /** Sends the clock now, or it or a newer one within a tenth of a second. */
  offer(conversation: ConversationId, bytes: Uint8Array): void {
    const isTurnAwaited = this.#waiting.has(conversation);
    if (!isTurnAwaited && this.#rate.take(conversation, 1)) this.#send(conversation, bytes);
    else {
      this.#waiting.set(conversation, bytes);
      if (!isTurnAwaited) void this.#sendInTurn(conversation);
    }
  }

  async #sendInTurn(conversation: ConversationId): Promise<void> {
    await this.#rate.spend(conversation, 1, () => false);
    const newest = this.#waiting.get(conversation);
    this.#waiting.delete(conversation);
    if (newest !== undefined) this.#send(conversation, newest);
  }
}
