/** A store that is opened by its first use: a second tab that may not write never opens it. */
import { type Store, StoreClosedError } from "./store.ts";

export function deferStore(open: () => Promise<Store>): Store {
  let opening: Promise<Store> | undefined;
  let isClosed = false;
  const opened = (): Promise<Store> => {
    if (isClosed) return Promise.reject(new StoreClosedError("the store was closed"));
    opening ??= open().catch((error: unknown) => {
      // There may be room at the next try.
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    read: async (tables, work) => (await opened()).read(tables, work),
    write: async (tables, durability, work) => (await opened()).write(tables, durability, work),
    close() {
      isClosed = true;
      opening?.then(
        (store) => store.close(),
        () => undefined,
      );
    },
  };
}
