/**
 * What is known of the keys of each conversation, in memory: which key packages there are, and what of one's own can be erased once
 * others have come far enough. Changed only after the commit that changed the store.
 */
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import type { Key, Store } from "../store/store.ts";
import type { KemRow } from "../store/key-tables.ts";

/** An own X-Wing key: the control entry that published it, and when. */
export interface PublishedKem extends Pick<KemRow, "seq" | "createdAt"> {
  readonly device: DeviceId;
  readonly number: number;
}

/** A rekey whose seed a recipient may not have opened: an own one, one that is carried, or, for this device, one that is still to come. */
export interface HeldEnvelope {
  readonly device: DeviceId;
  /** Of the rekey, in the control log of `device`. */
  readonly seq: number;
  readonly recipient: DeviceId;
}

interface ConversationKeys {
  readonly numbers: Map<DeviceId, number>;
  kems: readonly PublishedKem[];
  envelopes: readonly HeldEnvelope[];
}

export class KeyBook {
  readonly #conversations = new Map<ConversationId, ConversationKeys>();

  async load(store: Store): Promise<void> {
    await store.read(["packages", "kems", "envelopes"], async (tx) => {
      const [packages, kems, envelopes] = await Promise.all([
        tx.range("packages", {}),
        tx.range("kems", {}),
        tx.range("envelopes", {}),
      ]);
      for (const { key, value } of packages) {
        this.notePackage(idOf(key), deviceAt(key, 1), value.number);
      }
      for (const { key, value } of kems) {
        const { seq, createdAt } = value;
        this.noteKem(idOf(key), { device: deviceAt(key, 1), number: Number(key[2]), seq, createdAt });
      }
      for (const { key } of envelopes) {
        this.noteEnvelope(idOf(key), { device: deviceAt(key, 1), seq: Number(key[2]), recipient: deviceAt(key, 3) });
      }
    });
  }

  /** The number of the newest key package of each device. */
  numbersOf(conversation: ConversationId): ReadonlyMap<DeviceId, number> {
    return this.#of(conversation).numbers;
  }

  /** Own keys that still can open something, oldest first. */
  kemsOf(conversation: ConversationId): readonly PublishedKem[] {
    return this.#of(conversation).kems;
  }

  envelopesOf(conversation: ConversationId): readonly HeldEnvelope[] {
    return this.#of(conversation).envelopes;
  }

  notePackage(conversation: ConversationId, device: DeviceId, number: number): void {
    const { numbers } = this.#of(conversation);
    numbers.set(device, Math.max(numbers.get(device) ?? 0, number));
  }

  noteKem(conversation: ConversationId, kem: PublishedKem): void {
    const keys = this.#of(conversation);
    keys.kems = [...keys.kems, kem];
  }

  noteEnvelope(conversation: ConversationId, envelope: HeldEnvelope): void {
    const keys = this.#of(conversation);
    keys.envelopes = [...keys.envelopes, envelope];
  }

  noteErased(conversation: ConversationId, kems: readonly PublishedKem[], envelopes: readonly HeldEnvelope[]): void {
    const keys = this.#of(conversation);
    keys.kems = keys.kems.filter((kem) => !kems.includes(kem));
    keys.envelopes = keys.envelopes.filter((envelope) => !envelopes.includes(envelope));
  }

  /** Rekeys whose seed was sealed to this device, and has not come. */
  awaitedOf(conversation: ConversationId, self: DeviceId): readonly HeldEnvelope[] {
    return this.#of(conversation).envelopes.filter(({ recipient }) => recipient === self);
  }

  noteSettled(conversation: ConversationId, settled: readonly HeldEnvelope[]): void {
    if (settled.length === 0) return;
    const keys = this.#of(conversation);
    const isSettled = (held: HeldEnvelope): boolean =>
      settled.some(
        ({ device, seq, recipient }) => held.device === device && held.seq === seq && held.recipient === recipient,
      );
    keys.envelopes = keys.envelopes.filter((held) => !isSettled(held));
  }

  /** Envelopes that are carried for others, by the account of their author. */
  countCarried(accountOf: (author: DeviceId) => string | undefined, own: string): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { envelopes } of this.#conversations.values()) {
      for (const { device } of envelopes) {
        const author = accountOf(device);
        if (author !== undefined && author !== own) counts.set(author, (counts.get(author) ?? 0) + 1);
      }
    }
    return counts;
  }

  forget(conversation: ConversationId): void {
    this.#conversations.delete(conversation);
  }

  #of(conversation: ConversationId): ConversationKeys {
    let keys = this.#conversations.get(conversation);
    if (keys === undefined) {
      keys = { numbers: new Map(), kems: [], envelopes: [] };
      this.#conversations.set(conversation, keys);
    }
    return keys;
  }
}

function idOf(key: Key): ConversationId {
  return String(key[0]) as ConversationId;
}

function deviceAt(key: Key, index: number): DeviceId {
  return String(key[index]) as DeviceId;
}
