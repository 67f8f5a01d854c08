/** What the messenger hands out about pairing without internet. Part of views.ts; the same rules hold. */
import type { ThreadId } from "./codec/ids.ts";

/** Why a code that was read is of no use here. */
export type PairTrouble =
  /** Not a pairing code of Kith, or damaged. */
  | "no-code"
  | "newer"
  | "own"
  | "expired"
  /** An answer where an offer was expected. */
  | "not-an-offer"
  | "not-an-answer"
  /** An answer to another code than the one that is shown. */
  | "another-offer"
  /** This device is on no network at all. */
  | "no-network"
  /** Both codes are right, but the devices did not reach each other. */
  | "not-reached";

export interface PairFailure {
  readonly kind: "failed";
  readonly trouble: PairTrouble;
}

/** The first code, shown by one of the two. */
export interface PairOfferView {
  readonly kind: "offer";
  /** What the QR code says. Never a link. */
  readonly text: string;
  readonly expiresAt: number;
}

/** The second code, shown by the one who read the first. */
export interface PairAnswerView {
  readonly kind: "answer";
  readonly text: string;
  /** As the other calls themselves. */
  readonly name: string;
}

/** They are linked, know each other, and have this conversation. */
export interface Paired {
  readonly kind: "paired";
  readonly thread: ThreadId;
}

/** Linking two devices side by side, with no server of any kind, one pair at a time. Whoever reads a code learns this device's addresses. */
export interface Pairing {
  /** Ends what was begun before. */
  offer(): Promise<PairOfferView | PairFailure>;
  /** Takes the answer to the offer that was made last. After a failure by the text another can be tried. */
  complete(text: string): Promise<Paired | PairFailure>;
  /** Reads somebody's offer and answers it. Ends what was begun before. */
  answer(text: string): Promise<PairAnswerView | PairFailure>;
  /** Resolves once the answer that was given last has led somewhere, or was cancelled. */
  paired(): Promise<Paired | PairFailure>;
  /** The codes that were shown are of no use any more. */
  cancel(): void;
}
