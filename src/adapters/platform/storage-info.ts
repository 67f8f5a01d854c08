/** What the browser says about this site's storage: how much is used, and whether it promised to keep it. */

export interface StorageEstimate {
  /** About, in bytes; undefined where the browser does not say. */
  readonly usedBytes: number | undefined;
  readonly quotaBytes: number | undefined;
  /** Whether the browser promised not to clear it by itself. */
  readonly isPersisted: boolean;
}

export interface StorageInfo {
  estimate(): Promise<StorageEstimate>;
  /** Asks the browser to keep the storage; it may ask the person. Resolves with its answer. */
  askToPersist(): Promise<boolean>;
}

export const browserStorageInfo: StorageInfo = {
  async estimate() {
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
  async askToPersist() {
    return (
      (await storageManager()
        ?.persist?.()
        .catch(() => false)) ?? false
    );
  },
};

/** Missing on insecure origins, and in part in some browsers, whatever the types say. */
function storageManager(): Partial<StorageManager> | undefined {
  return (navigator as Partial<Navigator>).storage;
}
