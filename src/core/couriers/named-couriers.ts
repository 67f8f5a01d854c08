/** Which couriers the cards of contacts name, decoded once: they are looked through at every meeting and after every message. */
import type { AccountId } from "../codec/ids.ts";
import type { Suite } from "../crypto/suite.ts";
import type { CardRow } from "../store/courier-tables.ts";
import { courierMark, decodeToken } from "./token.ts";

/** A courier as a card names it. */
interface Named {
  readonly mark: string;
  readonly expiresAt: number;
  readonly token: Uint8Array;
}

export class NamedCouriers {
  readonly #suite: Suite;
  /** Rows of cards are replaced, never changed. */
  readonly #namedByCard = new WeakMap<CardRow, readonly Named[]>();
  /** By courier and depositor. */
  readonly #marks = new Map<string, string>();

  constructor(suite: Suite) {
    this.#suite = suite;
  }

  /** Those of `accounts` that the card names, with their tokens that are still good. */
  among(
    accounts: Iterable<AccountId>,
    card: CardRow,
    depositor: AccountId,
    nowMs: number,
  ): readonly { readonly courier: AccountId; readonly token: Uint8Array }[] {
    const named = this.#namedIn(card).filter(({ expiresAt }) => expiresAt > nowMs);
    if (named.length === 0) return [];
    const found: { courier: AccountId; token: Uint8Array }[] = [];
    for (const courier of accounts) {
      const mark = this.#markOf(courier, depositor);
      const token = named.find((candidate) => candidate.mark === mark)?.token;
      if (token !== undefined) found.push({ courier, token });
    }
    return found;
  }

  #namedIn(card: CardRow): readonly Named[] {
    let named = this.#namedByCard.get(card);
    if (named === undefined) {
      named = card.tokens.map((token) => {
        const { courier, expiresAt } = decodeToken(token);
        return { mark: courier, expiresAt, token };
      });
      this.#namedByCard.set(card, named);
    }
    return named;
  }

  #markOf(courier: AccountId, depositor: AccountId): string {
    const key = `${courier}/${depositor}`;
    let mark = this.#marks.get(key);
    if (mark === undefined) this.#marks.set(key, (mark = courierMark(this.#suite, courier, depositor)));
    return mark;
  }
}
