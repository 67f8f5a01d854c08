/** Digests of the statements that are held of conversations: asked for at every meeting and, in a group, after every clock. */
import type { ConversationId } from "../codec/ids.ts";
import type { Suite } from "../crypto/suite.ts";
import { digestStatements, type TypedStatement } from "./statements.ts";

export class StatementDigests {
  readonly #suite: Suite;
  readonly #newest = new Map<ConversationId, { readonly of: readonly TypedStatement[]; readonly digest: Uint8Array }>();

  constructor(suite: Suite) {
    this.#suite = suite;
  }

  /** Computed only when they are others than last time. Statements are never changed in place. */
  of(conversation: ConversationId, statements: readonly TypedStatement[]): Uint8Array {
    const newest = this.#newest.get(conversation);
    if (newest !== undefined && areSame(newest.of, statements)) return newest.digest;
    const digest = digestStatements(this.#suite, statements);
    this.#newest.set(conversation, { of: statements, digest });
    return digest;
  }
}

function areSame(a: readonly TypedStatement[], b: readonly TypedStatement[]): boolean {
  return (
    a.length === b.length && a.every(({ type, bytes }, index) => b[index]?.type === type && b[index].bytes === bytes)
  );
}
