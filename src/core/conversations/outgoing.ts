/**
 * From composer to entry (PROTOCOL). A message is first a record in the outbox, or at once an entry when somebody who can take it
 * is connected: either way it is on disk when `send` resolves. What waits can be edited and cancelled until it leaves.
 */
import { bytesToHex, textToBytes } from "../codec/bytes.ts";
import type { ConversationId, ThreadId } from "../codec/ids.ts";
import { MAX_TEXT_BYTES } from "../codec/limits.ts";
import { nextClock, rankOf } from "../log/hybrid-clock.ts";
import type { ServedEntry } from "../log/serve.ts";
import { FencedError } from "../store/fenced-store.ts";
import { StoreClosedError, StoreFailedError, StoreFullError } from "../store/store.ts";
import type { OutboxRow, PreviewRow, ThreadRow } from "../store/tables.ts";
import type { MessageView, PendingChange, SendResult } from "../views.ts";
import type { CoreContext } from "./core-context.ts";
import { readPending } from "./directory.ts";
import { served } from "./key-exchange.ts";
import { flushOutbox, putSealed, SEAL_TABLES, type SealedMessage, sealerFor, sealMessage } from "./sealing.ts";
import { SerialQueue } from "./serial-queue.ts";
import { readThread, updateThread, withMessages } from "./thread-rows.ts";
import { messageView, pendingView } from "./timeline.ts";

/** What delivery needs of the network. */
export interface Takers {
  /** Whether what is sealed now in this conversation cannot be among what already left. */
  isSettled(conversation: ConversationId): boolean;
  /** Begins a new epoch. False if that is not possible now. */
  rekey(conversation: ConversationId): Promise<boolean>;
  hasTaker(conversation: ConversationId): boolean;
  /** Whether this conversation is being compared, or was, with somebody who is connected. */
  isMet(conversation: ConversationId): boolean;
  /** Whether the other member is away, and somebody is there who keeps messages for them. */
  hasCourier(conversation: ConversationId): boolean;
  committed(conversation: ConversationId, entries: readonly ServedEntry[]): void;
  /** A message waits here. */
  waits(conversation: ConversationId): void;
}

const TABLES_OF_KEPT = ["outbox", "threads", "timeline"] as const;
const FLUSH_RETRY_MS = 10_000;
/** A new epoch may be outdated at once when keys or devices change meanwhile. */
const SEAL_TRIES = 4;

export class Outgoing {
  readonly #core: CoreContext;
  readonly #takers: Takers;
  /** Sends, edits and flushes of a thread keep their order. */
  readonly #queues = new Map<ThreadId, SerialQueue>();
  readonly #retrying = new Set<ThreadId>();

  constructor(core: CoreContext, takers: Takers) {
    this.#core = core;
    this.#takers = takers;
  }

  async send(thread: ThreadId, text: string): Promise<SendResult> {
    const trouble = checkText(text);
    if (trouble !== undefined) return trouble;
    return this.#inOrder(thread, () => storeOutcome(() => this.#store(thread, text)));
  }

  async edit(thread: ThreadId, message: string, text: string): Promise<PendingChange> {
    const trouble = checkText(text);
    if (trouble !== undefined) return trouble;
    return this.#inOrder(thread, () => storeOutcome(() => this.#change(thread, message, text)));
  }

  async cancel(thread: ThreadId, message: string): Promise<PendingChange> {
    return this.#inOrder(thread, () => storeOutcome(() => this.#change(thread, message, undefined)));
  }

  /** Somebody can take what waits: it becomes entries, in order. */
  async flush(thread: ThreadId): Promise<void> {
    try {
      let isOn = true;
      // What the person does to a message that waits has its turn between two batches.
      while (isOn) isOn = await this.#inOrder(thread, () => this.#flushBatch(thread));
    } catch (error) {
      if (error instanceof StoreFullError || error instanceof StoreFailedError) this.#flushLater(thread);
      throw error;
    }
  }

  /** The disk may have room again. */
  #flushLater(thread: ThreadId): void {
    if (this.#retrying.has(thread)) return;
    this.#retrying.add(thread);
    const retry = this.#core.clock.delay(FLUSH_RETRY_MS).then(() => {
      this.#retrying.delete(thread);
      return this.flush(thread);
    });
    this.#core.fireAndForget(retry);
  }

  async #store(thread: ThreadId, text: string): Promise<SendResult> {
    const core = this.#core;
    const isOpen = core.directory.conversationsOf(thread).some(({ id }) => core.directory.isIn(id));
    if (!core.directory.threads.has(thread) || !isOpen) return { kind: "failed" };
    const outboxRow = { id: bytesToHex(core.suite.random(16)), text, writtenAt: core.clock.now() };
    const pending = core.directory.pending.get(thread)?.count ?? 0;
    const conversation = pending === 0 ? this.#takenIn(thread) : undefined;
    const isSent = conversation !== undefined && (await this.#sendNow(thread, conversation, outboxRow));
    if (!isSent) await this.#keep(thread, outboxRow);
    return { kind: "sent", id: outboxRow.id };
  }

  /** False if nobody could read it: a member has no key yet. */
  async #sendNow(thread: ThreadId, conversation: ConversationId, outboxRow: OutboxRow): Promise<boolean> {
    const core = this.#core;
    for (let tries = 0; tries < SEAL_TRIES; tries += 1) {
      const stored = await core.store.write(SEAL_TABLES, "strict", async (tx) => {
        const reading = readThread(tx, thread, core.clock.now());
        const [held, sealer] = await Promise.all([reading, sealerFor(core, tx, conversation)]);
        const sealed = sealMessage(core, conversation, sealer, outboxRow);
        if (typeof sealed === "string") return sealed;
        putSealed(tx, thread, sealer, [sealed]);
        const threadRow = this.#withSealed(withoutDraft(held), [sealed]);
        tx.put("threads", [thread], threadRow);
        return { sealed, threadRow };
      });
      if (typeof stored !== "string") {
        core.directory.threads.set(thread, stored.threadRow);
        this.#announce(thread, conversation, [stored.sealed]);
        return true;
      }
      if (stored === "no-keys" || !(await this.#takers.rekey(conversation))) return false;
    }
    return false;
  }

  async #keep(thread: ThreadId, outboxRow: OutboxRow): Promise<void> {
    const core = this.#core;
    const { number, pending, threadRow } = await core.store.write(TABLES_OF_KEPT, "strict", async (tx) => {
      const [[last], [shown]] = await Promise.all([
        tx.range("outbox", { prefix: [thread], reverse: true, limit: 1 }),
        tx.range("timeline", { prefix: [thread], reverse: true, limit: 1 }),
      ]);
      const next = Number(last?.key[1] ?? 0) + 1;
      const before = [String(shown?.key[1] ?? "").slice(0, 16), last?.value.rank ?? ""].filter((rank) => rank !== "");
      const rank = rankOf(nextClock(core.clock.now(), []), before);
      tx.put("outbox", [thread, next], { ...outboxRow, rank });
      const row = await updateThread(tx, thread, core.clock.now(), withoutDraft);
      return { number: next, pending: await readPending(tx, thread), threadRow: row };
    });
    core.directory.threads.set(thread, threadRow);
    core.directory.pending.set(thread, pending);
    this.#emit(thread, [pendingView(core, number, outboxRow)], []);
    core.fireAndForget(this.flush(thread));
    for (const { id } of core.directory.sharedConversations(thread)) this.#takers.waits(id);
  }

  async #change(thread: ThreadId, message: string, text: string | undefined): Promise<PendingChange> {
    const core = this.#core;
    const changed = await core.store.write(["outbox"], "strict", async (tx) => {
      const rows = await tx.range("outbox", { prefix: [thread] });
      const found = rows.find(({ value }) => value.id === message);
      if (found === undefined || found.value.isLeft === true) return undefined;
      const row = text === undefined ? undefined : { ...found.value, text };
      if (row === undefined) tx.delete("outbox", found.key);
      else tx.put("outbox", found.key, row);
      return { number: Number(found.key[1]), row, pending: await readPending(tx, thread) };
    });
    if (changed === undefined) return { kind: "gone" };
    core.directory.pending.set(thread, changed.pending);
    const upserts = changed.row === undefined ? [] : [pendingView(core, changed.number, changed.row)];
    this.#emit(thread, upserts, changed.row === undefined ? [message] : []);
    return { kind: "done" };
  }

  /** Whether there may be more to flush. */
  async #flushBatch(thread: ThreadId): Promise<boolean> {
    const core = this.#core;
    if ((core.directory.pending.get(thread)?.count ?? 0) === 0) return false;
    const conversation = this.#takenIn(thread);
    if (conversation === undefined) return false;
    const { flushed, hindrance } = await flushOutbox(core, thread, conversation, (row, sealed) =>
      this.#withSealed(row, sealed),
    );
    if (flushed !== undefined) {
      core.directory.threads.set(thread, flushed.threadRow);
      core.directory.pending.set(thread, flushed.pending);
      this.#announce(thread, conversation, flushed.sealed);
    }
    return hindrance === "rekey-due" ? this.#takers.rekey(conversation) : hindrance === undefined;
  }

  #withSealed(thread: ThreadRow, sealed: readonly SealedMessage[]): ThreadRow {
    const previews = sealed.map(({ order, row }): PreviewRow => ({
      order,
      text: row.text,
      isOwn: true,
      at: row.writtenAt,
      kind: "text",
    }));
    return withMessages(thread, this.#core.clock.now(), previews, 0);
  }

  #announce(thread: ThreadId, conversation: ConversationId, sealed: readonly SealedMessage[]): void {
    const core = this.#core;
    const last = sealed.at(-1);
    if (last !== undefined) core.receipts.noteOwnHeight(conversation, last.row.device, last.row.seq);
    this.#takers.committed(
      conversation,
      sealed.map(({ entry }) => served(entry)),
    );
    this.#emit(
      thread,
      sealed.map(({ order, row }) => messageView(core, order, row)),
      [],
    );
  }

  #emit(thread: ThreadId, upserts: readonly MessageView[], removed: readonly string[]): void {
    this.#core.emit({ type: "messages", thread, upserts, removed });
    this.#core.threadChanged(thread);
  }

  #takenIn(thread: ThreadId): ConversationId | undefined {
    // One that the other side deleted is never met again; the next best takes its place.
    const shared = this.#core.directory.sharedConversations(thread);
    const met = shared.find(({ id }) => this.#takers.isMet(id))?.id;
    const conversation = met ?? shared.find(({ id }) => this.#takers.hasCourier(id))?.id;
    if (conversation === undefined || !this.#takers.isSettled(conversation)) return undefined;
    return met === undefined || this.#takers.hasTaker(met) ? conversation : undefined;
  }

  #inOrder<T>(thread: ThreadId, task: () => Promise<T>): Promise<T> {
    let queue = this.#queues.get(thread);
    if (queue === undefined) this.#queues.set(thread, (queue = new SerialQueue()));
    return queue.run(task);
  }
}

/** A fresh message comes from the composer: its draft goes in the same transaction, or a kill would bring it back. */
function withoutDraft(row: ThreadRow): ThreadRow {
  return { ...row, draft: "" };
}

function checkText(text: string): Extract<SendResult, { kind: "empty" | "too-long" }> | undefined {
  if (text.trim() === "") return { kind: "empty" };
  const bytes = textToBytes(text).length;
  return bytes > MAX_TEXT_BYTES ? { kind: "too-long", bytes, limit: MAX_TEXT_BYTES } : undefined;
}

/** A store that cannot write is an outcome of sending, not a fault of the caller. */
async function storeOutcome<T>(work: () => Promise<T>): Promise<T | { readonly kind: "full" | "failed" }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreFullError) return { kind: "full" };
    if (error instanceof StoreFailedError || error instanceof StoreClosedError || error instanceof FencedError) {
      return { kind: "failed" };
    }
    throw error;
  }
}
