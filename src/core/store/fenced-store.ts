/**
 * The writer's fence: of all instances that ever opened this store, only the one that claimed last may write. A tab whose lock was
 * taken over can still have a write on its way; inside the same transaction it finds a higher number and fails.
 */
import {
  type Durability,
  type ReadTransaction,
  type Store,
  StoreClosedError,
  StoreFullError,
  type WriteTransaction,
} from "./store.ts";
import type { TableName } from "./tables.ts";

export class FencedError extends Error {
  override readonly name = "FencedError";
}

export interface ClaimedStore {
  /** Writes fail with FencedError once somebody else claimed the store. */
  readonly store: Store;
  /** Not even the claim fitted on the disk. The first write that fits makes it, unless somebody else was quicker. */
  readonly isFull: boolean;
}

/** `onLost` hears of every call that finds the store taken over or closed, whoever made it. */
export async function claimStore(
  store: Store,
  onLost: (reason: "taken-over" | "store-closed") => void,
): Promise<ClaimedStore> {
  const noticing = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof FencedError) onLost("taken-over");
      else if (error instanceof StoreClosedError) onLost("store-closed");
      throw error;
    }
  };
  let isClaimed = true;
  const own = await store
    .write(["fence"], "strict", async (tx) => {
      const number = (await readFence(tx)) + 1;
      tx.put("fence", ["fence"], { number });
      return number;
    })
    .catch(async (error: unknown) => {
      if (!(error instanceof StoreFullError)) throw error;
      isClaimed = false;
      return (await store.read(["fence"], readFence)) + 1;
    });
  const isFull = !isClaimed;
  /** Writes that claim the store and have not ended. */
  let claiming = 0;

  const write = async <T>(
    tables: readonly TableName[],
    durability: Durability,
    work: (tx: WriteTransaction) => Promise<T>,
  ): Promise<T> => {
    let claims = 0;
    try {
      const written = await store.write([...tables, "fence"], durability, async (tx) => {
        // Read alongside the work, which saves a round trip: a throw rolls everything back just the same.
        const [current, result] = await Promise.all([readFence(tx), work(tx)]);
        const isOwn = current === own && (isClaimed || claiming > 0);
        if (!isOwn && (isClaimed || current !== own - 1)) throw new FencedError("another instance writes now");
        if (!isOwn) {
          tx.put("fence", ["fence"], { number: own });
          claims = 1;
          claiming += claims;
        }
        return result;
      });
      isClaimed = true;
      return written;
    } finally {
      claiming -= claims;
    }
  };
  return {
    isFull,
    store: {
      read: <T>(tables: readonly TableName[], work: (tx: ReadTransaction) => Promise<T>) =>
        noticing(store.read(tables, work)),
      write: <T>(tables: readonly TableName[], durability: Durability, work: (tx: WriteTransaction) => Promise<T>) =>
        noticing(write(tables, durability, work)),
      close: () => store.close(),
    },
  };
}

async function readFence(tx: ReadTransaction): Promise<number> {
  return (await tx.get("fence", ["fence"]))?.number ?? 0;
}
