/** Sees to the keys of all conversations as sessions level and entries open: joins key exchange and resending with sync. */
import type { ConversationId } from "./codec/ids.ts";
import { SMALL_GROUP } from "./conversations/co-members.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import type { Outcome } from "./conversations/incoming.ts";
import { openHeldReads } from "./conversations/incoming-statements.ts";
import { KeyExchange } from "./conversations/key-exchange.ts";
import { Resending } from "./conversations/resending.ts";
import { EnvelopeCare } from "./envelope-care.ts";
import type { Sync } from "./sync/sync.ts";

const TIDY_DELAY_MS = 1_000;

export interface KeyCareEffects {
  hasTaker(conversation: ConversationId): boolean;
  /** Whether so many bytes could be stored now. */
  hasRoomFor(bytes: number): Promise<boolean>;
  /** What waits may leave now. */
  onTaker(conversation: ConversationId): void;
}

export class KeyCare {
  readonly envelopes: EnvelopeCare;
  readonly #core: CoreContext;
  readonly #sync: () => Sync;
  readonly #effects: KeyCareEffects;
  readonly #keys: KeyExchange;
  readonly #resending: Resending;
  /** Compared with somebody since the start: what this device wrote elsewhere is known. */
  readonly #compared = new Set<ConversationId>();
  /** Large groups in which clocks came a moment ago. */
  readonly #tidying = new Set<ConversationId>();

  constructor(core: CoreContext, sync: () => Sync, effects: KeyCareEffects) {
    this.#core = core;
    this.#sync = sync;
    this.#effects = effects;
    this.#keys = new KeyExchange(core, {
      committed: (conversation, entries) => sync().committed(conversation, entries),
    });
    this.envelopes = new EnvelopeCare(core, sync, {
      hasRoomFor: (bytes) => effects.hasRoomFor(bytes),
      opened: (conversation, outcome) => this.onReopened(conversation, outcome),
    });
    this.#resending = new Resending(core, this.#keys, {
      committed: (conversation, entries) => sync().committed(conversation, entries),
      isMet: (conversation) => sync().isMet(conversation),
      sendTo: (peer, conversation, type, bytes) => sync().sendTo(peer, conversation, type, bytes),
      awaitsEnvelopes: (conversation) => this.envelopes.isAwaiting(conversation),
      opened: (conversation, outcome) => this.onReopened(conversation, { ...outcome, unreadable: [] }),
      flush: (conversation) => effects.onTaker(conversation),
    });
  }

  /** Whether what is sealed now cannot be among what already left. */
  isSettled(conversation: ConversationId): boolean {
    return this.#compared.has(conversation) && !this.#resending.isCatchingUp(conversation);
  }

  /** Begins a new epoch. False if that is not possible now. */
  rekey(conversation: ConversationId): Promise<boolean> {
    return this.#keys.rekey(conversation);
  }

  /** Somebody is connected and level: this device may append, and what it cannot read may be had from there. */
  onLevel(conversation: ConversationId): void {
    // Nothing is written in a group that somebody told of before it is known that this account belongs to it.
    if (!this.#core.directory.isIn(conversation)) return;
    const beginning = async (): Promise<void> => {
      await this.#keys.ensurePublished(conversation);
      await this.#resending.begin(conversation);
      // What was erased in a relaxed write may be back after a power cut, and what is known is not told again.
      await this.#keys.tidy(conversation);
      this.#compared.add(conversation);
      this.#effects.onTaker(conversation);
    };
    this.#core.fireAndForget(beginning());
  }

  /** Entries were stored: new keys let out what waits, and what cannot be read is asked for and handed over. */
  async onOpened(
    conversation: ConversationId,
    { hasNewKeys, hasNewMembers, unreadable, requests }: Outcome,
  ): Promise<void> {
    const canAsk = unreadable.length > 0 && this.#effects.hasTaker(conversation);
    if (canAsk) await this.#resending.ask(conversation, unreadable);
    for (const request of requests) this.#core.fireAndForget(this.#resending.answer(conversation, request));
    if (hasNewMembers && this.#effects.hasTaker(conversation)) this.onLevel(conversation);
    if (hasNewKeys) this.#effects.onTaker(conversation);
    await openHeldReads(this.#core, conversation);
  }

  /** What was held unread could be read. */
  onReopened(conversation: ConversationId, outcome: Outcome): void {
    if (outcome.clock !== undefined) this.#sync().clocks.offer(conversation, outcome.clock);
    outcome.announce();
    this.#core.fireAndForget(this.onOpened(conversation, outcome));
  }

  onLinkClosed(conversation: ConversationId): void {
    this.#resending.onLinkClosed(conversation);
  }

  /** Somebody told how far they are. In a large group everybody does so after each message: what may go goes together. */
  onClock(conversation: ConversationId): void {
    if (this.#tidying.has(conversation)) return;
    const isLarge = (this.#core.directory.conversations.get(conversation)?.members.length ?? 0) > SMALL_GROUP;
    this.#core.fireAndForget(isLarge ? this.#tidyLater(conversation) : this.#keys.tidy(conversation));
  }

  async #tidyLater(conversation: ConversationId): Promise<void> {
    this.#tidying.add(conversation);
    await this.#core.clock.delay(TIDY_DELAY_MS);
    this.#tidying.delete(conversation);
    await this.#keys.tidy(conversation);
  }

  /** False when it is malformed. */
  onResendAnswer(conversation: ConversationId, payload: Uint8Array): Promise<boolean> {
    return this.#resending.take(conversation, payload);
  }

  /** This account has another device, which has to publish keys of its own. */
  onNewDevice(): void {
    for (const { id, isShared } of this.#core.directory.conversations.values()) {
      if (isShared && this.#effects.hasTaker(id)) this.onLevel(id);
    }
  }
}
