/** Which statements were asked for lately, whoever of the connected was asked: several hold the same, and one of them is enough. */
import type { ConversationId } from "../codec/ids.ts";

export class StatementWants {
  /** Until when nobody else is asked (monotonic), by name. */
  readonly #untilByName = new Map<ConversationId, Map<string, number>>();

  /** Whether to ask for it now; then nobody else does until the given time. */
  claim(conversation: ConversationId, name: string, nowMs: number, untilMs: number): boolean {
    let names = this.#untilByName.get(conversation);
    if (names === undefined) this.#untilByName.set(conversation, (names = new Map<string, number>()));
    if ((names.get(name) ?? 0) > nowMs) return false;
    names.set(name, untilMs);
    return true;
  }
}
