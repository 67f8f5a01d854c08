/** Translates what IndexedDB throws into the three errors of the store port. */
import { StoreClosedError, StoreFailedError, StoreFullError } from "../../core/store/store.ts";

export type StoreError = StoreFullError | StoreClosedError | StoreFailedError;

/** How a request fails whose connection is gone. */
const SIGNS_OF_CLOSING = ["AbortError", "InvalidStateError", "TransactionInactiveError", "UnknownError"];

/** `isClosed`: whether the connection is known to be gone, which turns the resulting failures into what they are. */
export function toStoreError(error: unknown, isClosed: boolean): StoreError {
  if (error instanceof StoreFullError || error instanceof StoreClosedError || error instanceof StoreFailedError)
    return error;
  const name = error instanceof Error ? error.name : "unknown error";
  if (name === "QuotaExceededError")
    return new StoreFullError("The disk or this site's quota is full", { cause: error });
  if (isClosed && SIGNS_OF_CLOSING.includes(name))
    return new StoreClosedError("The store was closed", { cause: error });
  return new StoreFailedError(`The store failed: ${name}`, { cause: error });
}
