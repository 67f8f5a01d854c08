/**
 * The keys of conversations as they change: this device's published in time, epochs begun, what cannot be read asked for and handed
 * over, and secrets erased (PROTOCOL, Rekey and Resend).
 */
import type { ConversationId } from "../codec/ids.ts";
import { erase, findErasable } from "../epochs/erase.ts";
import type { PublishedKem } from "../epochs/key-book.ts";
import { KEM_TABLES, publishKem } from "../epochs/kem.ts";
import { appendRekey, prepareRekey, REKEY_TABLES } from "../epochs/rekey.ts";
import { recipientsOf } from "../epochs/roster.ts";
import type { SealedEntry } from "../log/append.ts";
import { readLogs } from "../log/log-state.ts";
import type { ServedEntry, ServedEnvelope } from "../log/serve.ts";
import type { CoreContext } from "./core-context.ts";
import { SerialQueue } from "./serial-queue.ts";

/** A device that is silent publishes a new key this often. */
const SILENT_KEY_AGE_MS = 7 * 24 * 60 * 60_000;
/** A draft is outdated only if something else was appended meanwhile. */
const REKEY_TRIES = 5;

export interface KeyEffects {
  committed(conversation: ConversationId, entries: readonly ServedEntry[]): void;
}

export class KeyExchange {
  readonly #core: CoreContext;
  readonly #effects: KeyEffects;
  readonly #publishing = new SerialQueue();

  constructor(core: CoreContext, effects: KeyEffects) {
    this.#core = core;
    this.#effects = effects;
  }

  /** Sees to it that others can seal to this device, and to a key that is not too old. */
  async ensurePublished(conversation: ConversationId): Promise<void> {
    await this.#publishing.run(async () => {
      const { clock, directory, keys, suite, store } = this.#core;
      const { self } = directory;
      const newest = keys.kemsOf(conversation).findLast(({ device }) => device === self.device);
      const isFresh = newest !== undefined && clock.now() - newest.createdAt < SILENT_KEY_AGE_MS;
      if (isFresh || !directory.conversations.has(conversation)) return;
      const { entry, kem } = await store.write(KEM_TABLES, "strict", (tx) =>
        publishKem(tx, suite, clock.now(), self, conversation),
      );
      noteKem(this.#core, conversation, kem);
      this.#effects.committed(conversation, [served(entry)]);
    });
  }

  /** Begins a new epoch of this device. False while a member has no key. */
  async rekey(conversation: ConversationId): Promise<boolean> {
    const { clock, directory, keys, suite, store } = this.#core;
    for (let tries = 0; tries < REKEY_TRIES; tries += 1) {
      const recipients = recipientsOf(directory.rosterOf(conversation), keys.numbersOf(conversation));
      if (recipients === undefined) return false;
      const author = directory.self;
      const draft = await prepareRekey(store, suite, author, conversation, recipients, () => clock.pause());
      const rekeyed = await store.write(REKEY_TABLES, "strict", (tx) =>
        appendRekey(tx, suite, clock.now(), author, draft),
      );
      if (rekeyed === undefined) continue;
      const { entries, kem, envelopes } = rekeyed;
      noteKem(this.#core, conversation, kem);
      for (const envelope of envelopes) keys.noteEnvelope(conversation, envelope);
      const brought = entries.map((entry) =>
        served(
          entry,
          envelopes.filter(({ seq }) => seq === entry.header.seq),
        ),
      );
      this.#effects.committed(conversation, brought);
      return true;
    }
    return false;
  }

  /** Others have told how far they are: erases what nobody needs any more. */
  async tidy(conversation: ConversationId): Promise<void> {
    const { clock, directory, keys, receipts, store } = this.#core;
    if (!directory.conversations.has(conversation)) return;
    const { device } = directory.self;
    const others = directory
      .rosterOf(conversation)
      .others.flatMap(({ devices }) => devices)
      .map((other) => ({ device: other, marks: receipts.clockOf(conversation, other)?.marks }));
    const candidates = findErasable(keys, conversation, device, others, clock.now());
    if (candidates.kems.length + candidates.envelopes.length === 0) return;
    const erased = await store.write(["kems", "envelopes", "logs"], "relaxed", async (tx) => {
      const logs = await readLogs(tx, conversation);
      const found = findErasable(keys, conversation, device, others, clock.now(), logs);
      erase(tx, conversation, found);
      return found;
    });
    keys.noteErased(conversation, erased.kems, erased.envelopes);
  }
}

/** A new own key was committed. */
export function noteKem(core: CoreContext, conversation: ConversationId, kem: PublishedKem): void {
  core.keys.noteKem(conversation, kem);
  core.keys.notePackage(conversation, kem.device, kem.number);
}

export function served(entry: SealedEntry, envelopes: readonly ServedEnvelope[] = []): ServedEntry {
  const { device, channel, seq } = entry.header;
  return { device, channel, seq, parts: entry.parts, envelopes };
}
