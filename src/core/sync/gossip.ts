/** Passing on in a group what came from others, to those who have not got it from somebody else meanwhile. */
import type { Clock } from "../clock.ts";
import type { ConversationId, PeerKey } from "../codec/ids.ts";
import type { SyncHost } from "./host.ts";
import type { Session } from "./session.ts";
import { StatementWants } from "./statement-wants.ts";

/** Entries are passed on after this long: most of the others got them from their author too, and say so within a moment. */
const FORWARD_DELAY_MS = 1_000;
/** Statements are told of this long after the first that is new. */
const TELL_DELAY_MS = 3_000;
/**
 * In larger groups later, in proportion: after each message every member states something, so that what a member receives in a second stays the
 * same however many there are.
 */
const PROMPT_MEMBERS = 50;

export class Gossip {
  readonly clock: Clock;
  readonly wants = new StatementWants();
  readonly #host: Pick<SyncHost, "membersIn">;
  readonly #sessionsOf: (conversation: ConversationId) => readonly Session[];
  readonly #telling = new Set<ConversationId>();

  constructor(
    clock: Clock,
    host: Pick<SyncHost, "membersIn">,
    sessionsOf: (conversation: ConversationId) => readonly Session[],
  ) {
    this.clock = clock;
    this.#host = host;
    this.#sessionsOf = sessionsOf;
  }

  /** Entries came, and `others` may lack them. A single one has nobody else to get them from. */
  async forward(others: readonly Session[]): Promise<void> {
    const peers = new Set(others.map((other) => other.peer));
    if (peers.size > 1) await this.clock.delay(FORWARD_DELAY_MS);
    for (const other of others) void other.pump();
  }

  /** Entries came: what could not be taken before may be now. */
  async reconsider(conversation: ConversationId): Promise<void> {
    for (const session of this.#sessionsOf(conversation)) await session.reconsider();
  }

  /** Who belongs to the conversation has changed: others may take what is here, and bring what was not taken of them. */
  membersChanged(conversation: ConversationId): void {
    for (const session of this.#sessionsOf(conversation)) void session.pump();
    void this.reconsider(conversation);
    void this.statementsChanged(conversation);
  }

  /** Who is connected in this conversation. */
  peersIn(conversation: ConversationId): ReadonlySet<PeerKey> {
    return new Set(
      this.#sessionsOf(conversation)
        .filter((session) => !session.isEnded)
        .map(({ peer }) => peer),
    );
  }

  /** New statements came: those who do not hear of their authors themselves are told by a digest. */
  async statementsChanged(conversation: ConversationId): Promise<void> {
    if (this.#telling.has(conversation)) return;
    this.#telling.add(conversation);
    const size = Math.max(PROMPT_MEMBERS, this.#host.membersIn(conversation));
    await this.clock.delay((TELL_DELAY_MS * size) / PROMPT_MEMBERS);
    this.#telling.delete(conversation);
    for (const session of this.#sessionsOf(conversation)) session.tellStatements();
  }
}
