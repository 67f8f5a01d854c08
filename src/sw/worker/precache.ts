/**
 * The files of one build, kept whole: an install that misses one file, or gets one that is not of this build (a host in the middle of a
 * change), fails and leaves what is there as it is. Decision 0010.
 */

/** Written in front of this script by the build (scripts/precache-list.ts). */
declare const PRECACHE: {
  /** Names the build: a digest over all files. */
  readonly version: string;
  /** Address relative to the scope, and what `integrity` of a request takes. */
  readonly files: readonly (readonly [path: string, integrity: string])[];
};

const HASHED = "assets/";

export interface Precache {
  /** Rejects unless every file is there. */
  fill(): Promise<void>;
  /** Removes what earlier builds left in this scope. */
  removeOthers(): Promise<void>;
  /** The address under which a request is kept; undefined for what is no file of this build. */
  keyOf(url: URL): string | undefined;
  /** The kept file; from the network where the browser threw it away. */
  answer(key: string): Promise<Response>;
}

export function createPrecache(scope: string): Precache {
  // Two folders of one host are two apps with caches of their own.
  const prefix = `kith-files ${new URL(scope).pathname} `;
  const name = prefix + PRECACHE.version;
  const keys = new Set(PRECACHE.files.map(([path]) => new URL(path, scope).href));

  const keep = async (cache: Cache, path: string, integrity: string): Promise<void> => {
    const key = new URL(path, scope).href;
    if ((await cache.match(key, { ignoreVary: true })) !== undefined) return;
    const isHashed = path.startsWith(HASHED);
    const known = isHashed ? await caches.match(key, { ignoreVary: true }) : undefined;
    const response = known ?? (await fetch(key, { integrity, cache: isHashed ? "default" : "no-cache" }));
    // A browser refuses to open a page from an answer that was redirected.
    if (!response.ok || response.redirected) throw new Error(`${path}: status ${response.status}`);
    await cache.put(key, response);
  };

  return {
    async fill() {
      const cache = await caches.open(name);
      await Promise.all(PRECACHE.files.map(([path, integrity]) => keep(cache, path, integrity)));
    },
    async removeOthers() {
      const others = (await caches.keys()).filter((other) => other.startsWith(prefix) && other !== name);
      await Promise.all(others.map((other) => caches.delete(other)));
    },
    keyOf(url) {
      const key = (url.origin + url.pathname).replace(/\/index\.html$/, "/");
      return keys.has(key) ? key : undefined;
    },
    async answer(key) {
      const kept = await caches.match(key, { cacheName: name, ignoreVary: true });
      return kept ?? fetch(key);
    },
  };
}
