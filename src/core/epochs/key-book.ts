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

/** An own rekey whose seed a recipient may not have opened. */
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
      for (const { key, value } of await tx.range("packages", {})) {
        this.notePackage(idOf(key), deviceAt(key, 1), value.number);
      }
      for (const { key, value } of await tx.range("kems", {})) {
        const { seq, createdAt } = value;
        this.noteKem(idOf(key), { device: deviceAt(key, 1), number: Number(key[2]), seq, createdAt });
      }
      for (const { key } of await tx.range("envelopes", {})) {
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
