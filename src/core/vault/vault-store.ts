/**
 * The store port over sealed rows: one code path for protected and unprotected devices (PROTOCOL, At rest). Ranges know an order only in the
 * parts of a key that its layout keeps; asking for a limited range over names reads all of them.
 */
import type { Durability, ReadTransaction, Store, WriteTransaction } from "../store/store.ts";
import type { RawTables } from "../store/raw-tables.ts";
import type { TableName } from "../store/tables.ts";
import { KEY_LAYOUTS, type KeyLayouts } from "./key-layout.ts";
import { type VaultKeys, VaultReading, VaultWriting } from "./vault-transaction.ts";

export interface VaultStore extends Store {
  /**
   * Changes the keys when no transaction runs: none sees two sets of them. Those asked for meanwhile wait. If `change` fails, the old
   * keys stay.
   */
  changeKeys(change: () => Promise<VaultKeys>): Promise<void>;
}

export function createVaultStore(raw: Store<RawTables>, keys: VaultKeys, layouts = KEY_LAYOUTS): VaultStore {
  return new SealedStore(raw, keys, layouts);
}

class SealedStore implements VaultStore {
  readonly #raw: Store<RawTables>;
  readonly #layouts: KeyLayouts;
  #keys: VaultKeys;
  /** While keys are changed. */
  #changing: Promise<void> | undefined;
  readonly #running = new Set<Promise<unknown>>();

  constructor(raw: Store<RawTables>, keys: VaultKeys, layouts: KeyLayouts) {
    this.#raw = raw;
    this.#keys = keys;
    this.#layouts = layouts;
  }

  read<T>(tables: readonly TableName[], work: (tx: ReadTransaction) => Promise<T>): Promise<T> {
    return this.#run((keys) => this.#raw.read(tables, (tx) => work(new VaultReading(tx, keys, this.#layouts))));
  }

  write<T>(
    tables: readonly TableName[],
    durability: Durability,
    work: (tx: WriteTransaction) => Promise<T>,
  ): Promise<T> {
    return this.#run((keys) =>
      this.#raw.write(tables, durability, async (tx) => {
        const sealing = new VaultWriting(tx, keys, this.#layouts);
        const result = await work(sealing);
        await sealing.finish();
        return result;
      }),
    );
  }

  async changeKeys(change: () => Promise<VaultKeys>): Promise<void> {
    while (this.#changing !== undefined) await this.#changing;
    const changing = this.#idle().then(async () => {
      this.#keys = await change();
    });
    this.#changing = changing.then(ignore, ignore).then(() => {
      this.#changing = undefined;
    });
    await changing;
  }

  close(): void {
    this.#raw.close();
  }

  async #run<T>(transaction: (keys: VaultKeys) => Promise<T>): Promise<T> {
    // Not awaited needlessly: transactions start in the order of the calls.
    while (this.#changing !== undefined) await this.#changing;
    const running = transaction(this.#keys);
    const end = running.then(ignore, ignore);
    this.#running.add(end);
    try {
      return await running;
    } finally {
      this.#running.delete(end);
    }
  }

  async #idle(): Promise<void> {
    await Promise.all(this.#running);
  }
}

function ignore(): void {
  // How a transaction ended is its caller's news.
}
