/** Opens the database: runs the missing migrations, gives way to a newer Kith in another tab, and names every way to fail. */
import { openDB } from "idb";
import { StoreBlockedError, StoreFailedError, StoreNewerError } from "../../core/store/store.ts";
import { toStoreError } from "./errors.ts";
import type { Database, KithSchema, Migration, UpgradeTransaction } from "./schema.ts";

/** Why a connection ended without its owner asking. */
export type ClosedReason =
  /** Another tab opened the database with a newer version of Kith. */
  | "newer-version"
  /** The database is being deleted. */
  | "deleted"
  /** The browser ended it: site data cleared, disk gone. */
  | "platform";

export interface OpenOptions {
  readonly name: string;
  readonly migrations: readonly Migration[];
  /** How long another tab may hold an older version open before this gives up. */
  readonly timeoutMs: number;
  readonly onClosed: (reason: ClosedReason) => void;
}

/**
 * Rejects with StoreFailedError: no IndexedDB here, a migration failed (the old data is intact); with StoreNewerError if the data is
 * from a newer Kith, StoreBlockedError if another tab kept an older version open, StoreFullError if there is no room.
 */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  if (typeof indexedDB === "undefined") throw new StoreFailedError("This browser has no IndexedDB");
  const version = options.migrations.length;
  const progress: { migrationError?: unknown; isBlocked: boolean; isAbandoned: boolean } = {
    isBlocked: false,
    isAbandoned: false,
  };

  const opening = openDB<KithSchema>(options.name, version, {
    upgrade(database, oldVersion, _newVersion, transaction) {
      transaction.done.catch(() => undefined);
      if (progress.isAbandoned) {
        transaction.abort();
        return;
      }
      migrate(database, transaction, options.migrations.slice(oldVersion)).catch((error: unknown) => {
        progress.migrationError = error;
      });
    },
    blocked() {
      progress.isBlocked = true;
    },
    blocking(_currentVersion, blockedVersion, event) {
      if (event.target instanceof IDBDatabase) event.target.close();
      options.onClosed(blockedVersion === null ? "deleted" : "newer-version");
    },
    terminated() {
      options.onClosed("platform");
    },
  });

  const timeout = startTimeout(options.timeoutMs);
  try {
    const outcome = await Promise.race([opening, timeout.elapsed]);
    if (outcome !== "elapsed") return outcome;
  } catch (error) {
    throw openError(error, progress.migrationError);
  } finally {
    timeout.stop();
  }
  progress.isAbandoned = true;
  opening.then(
    (late) => late.close(),
    () => undefined,
  );
  if (progress.isBlocked) throw new StoreBlockedError("Another tab holds an older version of the data open");
  throw new StoreFailedError("Opening the data took too long");
}

/** A throw inside the upgrade event would be reported as uncaught: abort by hand instead, which rolls everything back. */
async function migrate(
  database: Database,
  transaction: UpgradeTransaction,
  migrations: readonly Migration[],
): Promise<void> {
  try {
    for (const migration of migrations) await migration(database, transaction);
  } catch (error) {
    abortQuietly(transaction);
    throw error;
  }
}

function abortQuietly(transaction: UpgradeTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already, by the very error that is being reported.
  }
}

function openError(error: unknown, migrationError: unknown): Error {
  if (migrationError !== undefined) {
    return new StoreFailedError("The data could not be brought to this version and is unchanged", {
      cause: migrationError,
    });
  }
  if (error instanceof DOMException && error.name === "VersionError") {
    return new StoreNewerError("The data on this device was written by a newer Kith", { cause: error });
  }
  return toStoreError(error, false);
}

function startTimeout(timeoutMs: number): { readonly elapsed: Promise<"elapsed">; readonly stop: () => void } {
  let stop = (): void => undefined;
  const elapsed = new Promise<"elapsed">((resolve) => {
    const timer = setTimeout(resolve, timeoutMs, "elapsed");
    stop = () => clearTimeout(timer);
  });
  return { elapsed, stop };
}
