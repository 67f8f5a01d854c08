/**
 * The writer's fence: of all instances that ever opened this store, only the one that claimed last may write. A tab whose lock was
 * taken over can still have a write on its way; inside the same transaction it finds a higher number and fails.
 */
import { type Durability, type ReadTransaction, type Store, StoreClosedError, type WriteTransaction } from "./store.ts";
import type { TableName } from "./tables.ts";

export class FencedError extends Error {
  override readonly name = "FencedError";
}

/**
 * Claims the store and returns a view of it whose writes fail with FencedError once somebody else claimed it. `onLost` hears of
 * every call that finds the store taken over or closed, whoever made it.
 */
export async function claimStore(
  store: Store,
  onLost: (reason: "taken-over" | "store-closed") => void,
): Promise<Store> {
  const noticing = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof FencedError) onLost("taken-over");
      else if (error instanceof StoreClosedError) onLost("store-closed");
      throw error;
    }
  };
  const claimed = await store.write(["fence"], "strict", async (tx) => {
    const number = ((await tx.get("fence", ["fence"]))?.number ?? 0) + 1;
    tx.put("fence", ["fence"], { number });
    return number;
  });
  return {
    read: <T>(tables: readonly TableName[], work: (tx: ReadTransaction) => Promise<T>) =>
      noticing(store.read(tables, work)),
    write: <T>(tables: readonly TableName[], durability: Durability, work: (tx: WriteTransaction) => Promise<T>) =>
      noticing(
        store.write([...tables, "fence"], durability, async (tx) => {
          // Read alongside the work, which saves a round trip: a throw rolls everything back just the same.
          const [current, result] = await Promise.all([tx.get("fence", ["fence"]), work(tx)]);
          if (current?.number !== claimed) throw new FencedError("another instance writes now");
          return result;
        }),
      ),
    close: () => store.close(),
  };
}
