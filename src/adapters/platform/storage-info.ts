/**
 * What the browser says about this site's storage: how much is used, whether it promised to keep it, whether it cleared it, and how to
 * leave nothing of it behind.
 */
import { Listeners } from "./listeners.ts";

/** Outside of the database, so that it can tell that the database is gone. Says nothing about anybody. */
const MARKER_KEY = "kith-profile";
const CHANNEL_NAME = "kith/erased";
const ROOM_FILE = "room";
const DELETE_TIMEOUT_MS = 10_000;

export interface StorageEstimate {
  /** About, in bytes; undefined where the browser does not say. */
  readonly usedBytes: number | undefined;
  readonly quotaBytes: number | undefined;
  /** Whether the browser promised not to clear it by itself. */
  readonly isPersisted: boolean;
}

export interface StorageInfo {
  estimate(): Promise<StorageEstimate>;
  /** Whether so many bytes could be stored now. True where the browser lets nobody try; leaves nothing behind. */
  hasRoomFor(bytes: number): Promise<boolean>;
  /** Asks the browser to keep the storage; it may ask the person. Resolves with its answer. */
  askToPersist(): Promise<boolean>;
  /** No database is here. False also where the browser does not say. */
  isEmpty(): Promise<boolean>;
  /** Whether `noteProfile` was called in this browser profile and nothing was erased since. */
  hadProfile(): boolean;
  noteProfile(): void;
  /** Deletes databases, caches, workers and everything else of this origin. The store must be closed. Rejects if a tab does not let go. */
  erase(): Promise<void>;
  /** Another tab erased everything. Returns the unsubscribe function. */
  onErased(listener: () => void): () => void;
}

export function createStorageInfo(databaseName: string): StorageInfo {
  const erased = new Listeners<[]>();
  const channel = new BroadcastChannel(CHANNEL_NAME);
  channel.addEventListener("message", () => erased.tell());
  return {
    ...browserQuota,
    async isEmpty() {
      const names = await databaseNames();
      return names !== undefined && !names.includes(databaseName);
    },
    hadProfile: () => attempt(() => localStorage.getItem(MARKER_KEY)) === "1",
    noteProfile() {
      attempt(() => localStorage.setItem(MARKER_KEY, "1"));
    },
    async erase() {
      const databases = new Set([...((await databaseNames()) ?? []), databaseName]);
      await Promise.all([...databases].map(deleteDatabase));
      const registrations = (await (navigator as Partial<Navigator>).serviceWorker?.getRegistrations()) ?? [];
      await Promise.all(registrations.map((registration) => registration.unregister()));
      // After the workers, so that none fills them again.
      if ("caches" in globalThis) await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
      attempt(() => localStorage.clear());
      attempt(() => sessionStorage.clear());
      // A channel has no target origin: it reaches this origin only.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      channel.postMessage("erased");
    },
    onErased: (listener) => erased.add(listener),
  };
}

const browserQuota = {
  async estimate(): Promise<StorageEstimate> {
    const [estimate, isPersisted] = await Promise.all([
      storageManager()
        ?.estimate?.()
        .catch(() => undefined),
      storageManager()
        ?.persisted?.()
        .catch(() => false),
    ]);
    return { usedBytes: estimate?.usage, quotaBytes: estimate?.quota, isPersisted: isPersisted ?? false };
  },
  /** Chromium estimates 10 GB of room whatever there is, but does not let a file grow beyond what fits; its new length costs no writing. */
  async hasRoomFor(bytes: number): Promise<boolean> {
    try {
      const folder = await navigator.storage.getDirectory();
      const file = await folder.getFileHandle(ROOM_FILE, { create: true });
      const trial = await file.createWritable();
      try {
        await trial.truncate(bytes);
        return true;
      } finally {
        await trial.abort();
        await folder.removeEntry(ROOM_FILE);
      }
    } catch (error) {
      return !(error instanceof DOMException && error.name === "QuotaExceededError");
    }
  },
  async askToPersist(): Promise<boolean> {
    return (
      (await storageManager()
        ?.persist?.()
        .catch(() => false)) ?? false
    );
  },
};

/** Undefined where the browser does not list them. */
async function databaseNames(): Promise<readonly string[] | undefined> {
  const list = (indexedDB as Partial<IDBFactory>).databases;
  const found = await list?.call(indexedDB).catch(() => undefined);
  return found?.flatMap(({ name }) => name ?? []);
}

/** Waits for other tabs, which close their connections when they hear of it. */
function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.addEventListener("success", () => resolve());
    request.addEventListener("error", () => reject(request.error ?? new Error("not deleted")));
    setTimeout(() => reject(new Error("a tab keeps the data open")), DELETE_TIMEOUT_MS);
  });
}

/** Where the browser forbids this storage, it does without. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Missing on insecure origins, and in part in some browsers, whatever the types say. */
function storageManager(): Partial<StorageManager> | undefined {
  return (navigator as Partial<Navigator>).storage;
}
