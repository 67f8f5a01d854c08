/**
 * What cannot be read here is asked for, and what others cannot read is handed to them (PROTOCOL, Resend). A profile that went back to
 * an old copy gets back by this what it wrote and read as the device it was.
 */
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, DeviceId, PeerKey } from "../codec/ids.ts";
import {
  answerResend,
  decodeAnswer,
  encodeAnswer,
  requestResend,
  type ResendAnswer,
  resentMessages,
} from "../epochs/resend.ts";
import type { LogRange } from "../log/accept.ts";
import { APPEND_TABLES } from "../log/append.ts";
import { logName, type LogState, readLogs } from "../log/log-state.ts";
import type { ServedEntry } from "../log/serve.ts";
import { Allowances } from "../sync/allowance.ts";
import { FRAME } from "../sync/frames.ts";
import type { CoreContext } from "./core-context.ts";
import { acceptAnswers, type Outcome, reopen } from "./incoming.ts";
import { type KeyExchange, served } from "./key-exchange.ts";
import type { ResendRequest } from "./reader.ts";
import { SerialQueue } from "./serial-queue.ts";

/** Messages handed to one account again: many at once, then about as many a day. */
const ANSWER_RATE = { burst: 10_000, perSecond: 0.1 };
const ANSWERS_AT_ONCE = 128;
/** Requests of one device that wait to be answered; it asks again for what was passed over. */
const MAX_WAITING_REQUESTS = 8;
/** The same messages are asked for again after this long. */
const ASK_AGAIN_MS = 60_000;
/** An answer may be lost with its link, or nobody may have one: after the first, every further look at what is unread waits twice as long. */
const MAX_LOOK_AGAIN_MS = 24 * 60 * 60_000;
/** A conversation is asked about no more often than this. */
const ASK_PAUSE_MS = 5_000;
/** An envelope that was asked for saves asking for messages: a little longer than it is awaited. */
const ENVELOPE_WAIT_MS = 2_500;
/** What is written waits this long for own messages to come back: the same may be among them. */
const OWN_PATIENCE_MS = 30_000;
/** Answers that wait to be stored together. */
const MAX_WAITING_ANSWERS = 32;

export interface ResendEffects {
  committed(conversation: ConversationId, entries: readonly ServedEntry[]): void;
  /** Whether somebody of the conversation is connected. */
  isMet(conversation: ConversationId): boolean;
  /** Whether what was sealed to this device may come any moment. */
  awaitsEnvelopes(conversation: ConversationId): boolean;
  /** Resolves when the peer has room for more; with false if it is not connected. */
  sendTo(peer: PeerKey, conversation: ConversationId, type: number, bytes: Uint8Array): Promise<boolean>;
  /** Answers were stored. */
  opened(conversation: ConversationId, outcome: Outcome): void;
  /** Own messages have come back, or will not: what waits may leave. */
  flush(conversation: ConversationId): void;
}

interface Asked {
  readonly by: DeviceId;
  readonly to: number;
  /** Monotonic. */
  readonly atMs: number;
}

interface Place {
  /** By log name. */
  readonly asked: Map<string, Asked>;
  /** Monotonic. */
  nextAskMs: number;
  isAskPlanned: boolean;
  isLookPlanned: boolean;
  /** Until the next look at what is unread. */
  lookAgainMs: number;
  /** Own messages are awaited until then; monotonic. 0: none are missing. Infinity: until the next meeting has begun. */
  catchingUpUntilMs: number;
  readonly waiting: ResendAnswer[];
  readonly storing: SerialQueue;
}

export class Resending {
  readonly #core: CoreContext;
  readonly #keys: KeyExchange;
  readonly #effects: ResendEffects;
  readonly #places = new Map<ConversationId, Place>();
  readonly #answers: Allowances;
  /** By requester: answered one after the other, however many a hostile one sends at once. */
  readonly #requests = new Map<DeviceId, { readonly queue: SerialQueue; waiting: number }>();

  constructor(core: CoreContext, keys: KeyExchange, effects: ResendEffects) {
    this.#core = core;
    this.#keys = keys;
    this.#effects = effects;
    this.#answers = new Allowances(core.clock, ANSWER_RATE);
  }

  /** Own messages are on their way back: what waits in the outbox may have left already. */
  isCatchingUp(conversation: ConversationId): boolean {
    return (this.#places.get(conversation)?.catchingUpUntilMs ?? 0) > this.#core.clock.monotonic();
  }

  /** An answer may have been lost with the link: what is asked for at the next meeting was not asked for lately. */
  onLinkClosed(conversation: ConversationId): void {
    const place = this.#places.get(conversation);
    if (place === undefined) return;
    place.asked.clear();
    if (place.catchingUpUntilMs === 0) return;
    if (!this.#effects.isMet(conversation)) {
      place.catchingUpUntilMs = Infinity;
      return;
    }
    this.#awaitOwn(conversation, place);
    this.#askLater(conversation, place, ASK_PAUSE_MS);
  }

  /** Somebody is connected and level: looks what is held unread and asks for it. */
  async begin(conversation: ConversationId): Promise<void> {
    const logs = await this.#core.store.read(["logs"], (tx) => readLogs(tx, conversation));
    if (![...logs.values()].some(({ row }) => row.opened < row.height)) {
      this.#place(conversation).catchingUpUntilMs = 0;
      return;
    }
    const outcome = await reopen(this.#core, conversation);
    if (outcome === undefined) return;
    this.#effects.opened(conversation, outcome);
    await this.ask(conversation, outcome.unreadable);
  }

  /** Asks the other members for what cannot be read here. */
  async ask(conversation: ConversationId, unreadable: readonly LogRange[]): Promise<void> {
    const { clock, directory, store, suite } = this.#core;
    const place = this.#place(conversation);
    const logs = await store.read(["logs"], (tx) => readLogs(tx, conversation));
    const nowMs = clock.monotonic();
    const isOwnMissing = this.#noteOwn(conversation, place, logs);
    // The outbox waits for own messages, so a link that was lost with them must not cost a minute.
    const againMs = isOwnMissing ? ASK_PAUSE_MS : ASK_AGAIN_MS;
    if (unreadable.length === 0) place.lookAgainMs = ASK_AGAIN_MS;
    else this.#lookLater(conversation, place);
    const { self } = directory;
    const ranges = unreadable.flatMap((range) => {
      const asked = place.asked.get(logName(range.device, range.channel));
      const isRecent = asked?.by === self.device && nowMs - asked.atMs < againMs;
      const from = isRecent ? Math.max(range.from, asked.to + 1) : range.from;
      return from > range.to ? [] : [{ ...range, from }];
    });
    if (ranges.length === 0) return;
    if (this.#effects.awaitsEnvelopes(conversation)) return this.#askLater(conversation, place, ENVELOPE_WAIT_MS);
    if (nowMs < place.nextAskMs) return this.#askLater(conversation, place, place.nextAskMs - nowMs);
    place.nextAskMs = nowMs + ASK_PAUSE_MS;
    if (isOwnMissing) this.#awaitOwn(conversation, place);
    for (const { device, channel, to } of ranges) {
      place.asked.set(logName(device, channel), { by: self.device, to, atMs: nowMs });
    }
    // What others seal for this device they seal to its key.
    await this.#keys.ensurePublished(conversation);
    const entry = await store.write(APPEND_TABLES, "strict", (tx) =>
      requestResend(tx, suite, clock.now(), self, conversation, ranges),
    );
    this.#effects.committed(conversation, [served(entry)]);
  }

  /** Hands over what was asked for, as far as it can be read here. */
  async answer(conversation: ConversationId, request: ResendRequest): Promise<void> {
    let place = this.#requests.get(request.requester);
    if (place === undefined) this.#requests.set(request.requester, (place = { queue: new SerialQueue(), waiting: 0 }));
    if (place.waiting >= MAX_WAITING_REQUESTS) return;
    place.waiting += 1;
    try {
      await place.queue.run(() => this.#answer(conversation, request));
    } finally {
      place.waiting -= 1;
    }
  }

  async #answer(conversation: ConversationId, { requester, ranges }: ResendRequest): Promise<void> {
    const { directory, store, suite, clock } = this.#core;
    const account = directory.accountOfDevice(requester);
    const peer = directory.peerOfDevice(requester);
    if (account === undefined || peer === undefined || directory.isOwnDevice(requester)) return;
    // In a group nobody is handed what is older than their membership, nor anything once it has ended.
    if (!directory.conversations.get(conversation)?.members.includes(account)) return;
    for (const { device, channel, from, to } of ranges) {
      const start = this.#core.memberships.startOf(conversation, account, device);
      for (let first = Math.max(from, start + 1); first <= to; first += ANSWERS_AT_ONCE) {
        const prefix = [conversation, device, channel];
        const end = Math.min(to, first + ANSWERS_AT_ONCE - 1) + 1;
        const { keyPackage, rows } = await store.read(["packages", "entries"], async (tx) => ({
          keyPackage: await tx.get("packages", [conversation, requester]),
          rows: await tx.range("entries", { prefix, from: [...prefix, first], to: [...prefix, end] }),
        }));
        if (keyPackage === undefined || rows.length === 0) break;
        await this.#answers.spend(account, rows.length, () => !directory.conversations.has(conversation));
        for (const messages of resentMessages(rows.map(({ value }) => value))) {
          const answer = answerResend(suite, conversation, requester, keyPackage, messages);
          if (!(await this.#effects.sendTo(peer, conversation, FRAME.resendAnswer, encodeAnswer(answer)))) return;
          await clock.pause();
        }
      }
    }
  }

  /** An answer arrived. False when it is malformed. */
  async take(conversation: ConversationId, payload: Uint8Array): Promise<boolean> {
    const place = this.#place(conversation);
    try {
      place.waiting.push(decodeAnswer(this.#core.directory.self.device, payload));
    } catch (error) {
      if (error instanceof DecodeError) return false;
      throw error;
    }
    const storing = place.storing.run(() => this.#store(conversation, place));
    if (place.waiting.length >= MAX_WAITING_ANSWERS) await storing;
    else this.#core.fireAndForget(storing);
    return true;
  }

  async #store(conversation: ConversationId, place: Place): Promise<void> {
    const answers = place.waiting.splice(0);
    if (answers.length === 0) return;
    const outcome = await acceptAnswers(this.#core, conversation, answers);
    if (outcome === undefined || outcome.clock === undefined) return;
    this.#effects.opened(conversation, outcome);
    await this.ask(conversation, outcome.unreadable);
  }

  /** Whether own messages are missing: unreadable themselves, or behind what is. */
  #noteOwn(conversation: ConversationId, place: Place, logs: ReadonlyMap<string, LogState>): boolean {
    const { directory } = this.#core;
    const isMissing = [...logs.values()].some(
      ({ device, row }) => row.opened < row.height && directory.isOwnDevice(device),
    );
    if (!isMissing) {
      const wasCatchingUp = this.isCatchingUp(conversation);
      place.catchingUpUntilMs = 0;
      if (wasCatchingUp) this.#effects.flush(conversation);
    } else if (place.catchingUpUntilMs === 0 || place.catchingUpUntilMs === Infinity) {
      this.#awaitOwn(conversation, place);
    }
    return isMissing;
  }

  #awaitOwn(conversation: ConversationId, place: Place): void {
    const { clock } = this.#core;
    place.catchingUpUntilMs = clock.monotonic() + OWN_PATIENCE_MS;
    this.#core.fireAndForget(clock.delay(OWN_PATIENCE_MS).then(() => this.#effects.flush(conversation)));
  }

  #askLater(conversation: ConversationId, place: Place, delayMs: number): void {
    if (place.isAskPlanned) return;
    place.isAskPlanned = true;
    const asking = this.#core.clock.delay(delayMs).then(() => {
      place.isAskPlanned = false;
      return this.begin(conversation);
    });
    this.#core.fireAndForget(asking);
  }

  #lookLater(conversation: ConversationId, place: Place): void {
    if (place.isLookPlanned) return;
    place.isLookPlanned = true;
    const looking = this.#core.clock.delay(place.lookAgainMs).then(() => {
      place.isLookPlanned = false;
      // The next meeting begins with a look.
      if (!this.#effects.isMet(conversation)) return undefined;
      place.lookAgainMs = Math.min(2 * place.lookAgainMs, MAX_LOOK_AGAIN_MS);
      return this.begin(conversation);
    });
    this.#core.fireAndForget(looking);
  }

  #place(conversation: ConversationId): Place {
    let place = this.#places.get(conversation);
    if (place === undefined) {
      place = {
        asked: new Map(),
        nextAskMs: 0,
        isAskPlanned: false,
        isLookPlanned: false,
        lookAgainMs: ASK_AGAIN_MS,
        catchingUpUntilMs: 0,
        waiting: [],
        storing: new SerialQueue(),
      };
      this.#places.set(conversation, place);
    }
    return place;
  }
}
