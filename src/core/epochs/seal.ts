/**
 * Sealing messages (PROTOCOL, Rekey and message keys). The chain that a message was sealed with is looked at again in the transaction
 * that puts the entry and the stepped chain together: a key is never used for a second entry.
 */
import { MESSAGE_CHANNEL, MESSAGE_KIND } from "../codec/entry.ts";
import type { ConversationId } from "../codec/ids.ts";
import { stepChain } from "../crypto/chain.ts";
import { sealBody } from "../crypto/message-body.ts";
import type { Suite } from "../crypto/suite.ts";
import { type Ground, readGround, type SealedEntry, sealEntry } from "../log/append.ts";
import type { ReadTransaction, WriteTransaction } from "../store/store.ts";
import type { SendingRow } from "../store/key-tables.ts";
import { isRekeyDue } from "./due.ts";
import { recipientsOf, type Roster } from "./roster.ts";
import type { KeyBook } from "./key-book.ts";

/** Why nothing can be sealed now. */
export type Hindrance =
  /** A new epoch must begin first. */
  | "rekey-due"
  /** A member has no key yet, so nobody could seal to them. */
  | "no-keys";

/** Seals this device's messages of one conversation, one after the other. */
export class Sealer {
  /** The logs as they are with all that was sealed. */
  readonly ground: Ground;
  readonly #suite: Suite;
  readonly #roster: Roster;
  readonly #book: KeyBook;
  readonly #conversation: ConversationId;
  readonly #before: SendingRow | undefined;
  #sending: SendingRow | undefined;

  /** Needs the tables `sendings`, `logs` and `entries`. */
  static async read(
    tx: ReadTransaction,
    suite: Suite,
    roster: Roster,
    book: KeyBook,
    conversation: ConversationId,
  ): Promise<Sealer> {
    const [sending, ground] = await Promise.all([
      tx.get("sendings", [conversation, roster.self.device]),
      readGround(tx, conversation),
    ]);
    return new Sealer(suite, roster, book, conversation, ground, sending);
  }

  private constructor(
    suite: Suite,
    roster: Roster,
    book: KeyBook,
    conversation: ConversationId,
    ground: Ground,
    sending: SendingRow | undefined,
  ) {
    this.#suite = suite;
    this.#roster = roster;
    this.#book = book;
    this.#conversation = conversation;
    this.ground = ground;
    this.#before = sending;
    this.#sending = sending;
  }

  /** The next entry, or what hinders it. About half a millisecond. */
  seal(nowMs: number, content: Uint8Array): SealedEntry | Hindrance {
    const recipients = recipientsOf(this.#roster, this.#book.numbersOf(this.#conversation));
    if (recipients === undefined) return "no-keys";
    const sending = this.#sending;
    if (sending === undefined || isRekeyDue(sending, recipients, nowMs)) return "rekey-due";
    const { epoch, generation } = sending;
    const { messageKey, next } = stepChain(this.#suite, sending.key);
    this.#sending = { ...sending, key: next, generation: generation + 1 };
    const draft = {
      conversation: this.#conversation,
      channel: MESSAGE_CHANNEL,
      kind: MESSAGE_KIND.content,
      epoch,
      generation,
      content: { seal: (headerPrefix: Uint8Array) => sealBody(this.#suite, messageKey, headerPrefix, content) },
    };
    return sealEntry(this.#suite, nowMs, this.#roster.self, draft, this.ground);
  }

  /** Whether nobody else has taken a step of this chain meanwhile. */
  async isCurrent(tx: ReadTransaction): Promise<boolean> {
    const held = await tx.get("sendings", [this.#conversation, this.#roster.self.device]);
    return held?.epoch === this.#before?.epoch && held?.generation === this.#before?.generation;
  }

  /** Puts the chain as it is after all that was sealed. In the transaction that puts the entries. */
  putChain(tx: WriteTransaction): void {
    const sending = this.#sending;
    if (sending !== undefined) tx.put("sendings", [this.#conversation, this.#roster.self.device], sending);
  }
}
