/** Pairing of the screen's tests: a text that says what becomes of it. */
import type { PairAnswerView, Paired, PairFailure, Pairing, PairOfferView, ThreadId } from "../../src/core/views.ts";
import type { FakeMessenger } from "./fake-messenger.ts";

const TROUBLES = [
  "no-code",
  "newer",
  "own",
  "expired",
  "not-an-offer",
  "not-an-answer",
  "another-offer",
  "no-network",
  "not-reached",
] as const;

export class FakePairing implements Pairing {
  readonly #messenger: FakeMessenger;
  /** Where both end. */
  thread = "bob" as ThreadId;
  /** What making an offer ends with. */
  trouble: PairFailure["trouble"] | undefined;
  settle: (end: Paired | PairFailure) => void = () => undefined;

  constructor(messenger: FakeMessenger) {
    this.#messenger = messenger;
  }

  offer(): Promise<PairOfferView | PairFailure> {
    this.#messenger.calls.push("pair offer");
    if (this.trouble !== undefined) return Promise.resolve({ kind: "failed", trouble: this.trouble });
    return Promise.resolve({ kind: "offer", text: `Kith pair ${"offer".repeat(70)}`, expiresAt: 0 });
  }

  complete(text: string): Promise<Paired | PairFailure> {
    this.#messenger.calls.push(`pair complete ${text}`);
    return Promise.resolve(failureIn(text) ?? { kind: "paired", thread: this.thread });
  }

  answer(text: string): Promise<PairAnswerView | PairFailure> {
    this.#messenger.calls.push(`pair answer ${text}`);
    return Promise.resolve(
      failureIn(text) ?? { kind: "answer", text: `Kith pair ${"answer".repeat(40)}`, name: "Alice" },
    );
  }

  paired(): Promise<Paired | PairFailure> {
    return new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  cancel(): void {
    this.#messenger.calls.push("pair cancel");
  }
}

function failureIn(text: string): PairFailure | undefined {
  const trouble = TROUBLES.find((word) => text.includes(word));
  return trouble === undefined ? undefined : { kind: "failed", trouble };
}
