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
/** Those that mean something in the path of a URL pattern. */
const PATTERN_SIGNS = /[*+?:{}()\\]/g;
/** Names every file of the release with its hash, the worker too: made after it, so that its digest is not known here. */
const RELEASE_LIST = "SHA256SUMS";

/** Service Workers, "Static routing": of what stands there the part that is used here. Where it is not known, the worker answers. */
export interface RouterRule {
  readonly condition: {
    readonly urlPattern: { readonly pathname: string; readonly search: string };
    readonly requestMethod: string;
  };
  readonly source: { readonly cacheName: string };
}

export interface Precache {
  /** Rejects unless every file is there. */
  fill(): Promise<void>;
  /** Removes what earlier builds left in this scope. */
  removeOthers(): Promise<void>;
  /** The address under which a request is kept; undefined for what is no file of this build. */
  keyOf(url: URL): string | undefined;
  /** The kept file; from the network where the browser threw it away. */
  answer(key: string): Promise<Response>;
  /** By which the browser itself answers with the kept page and its scripts, before this worker has started. */
  routes(): readonly RouterRule[];
}

export function createPrecache(scope: string): Precache {
  // Two folders of one host are two apps with caches of their own.
  const prefix = `kith-files ${new URL(scope).pathname} `;
  const name = prefix + PRECACHE.version;
  const listKey = new URL(RELEASE_LIST, scope).href;
  const keys = new Set([...PRECACHE.files.map(([path]) => new URL(path, scope).href), listKey]);

  const keep = async (cache: Cache, path: string, integrity: string): Promise<void> => {
    const key = new URL(path, scope).href;
    if ((await cache.match(key, { ignoreVary: true })) !== undefined) return;
    const isHashed = path.startsWith(HASHED);
    const known = isHashed ? await caches.match(key, { ignoreVary: true }) : undefined;
    const response = known ?? (await fetch(key, { integrity, cache: isHashed ? "default" : "no-cache" }));
    await put(cache, key, response);
  };
  const keepReleaseList = async (cache: Cache): Promise<void> => {
    const response = await fetch(listKey, { cache: "no-cache" });
    const lines = new Set((await response.clone().text()).split("\n"));
    const stranger = PRECACHE.files.find((file) => !lines.has(releaseLine(file)));
    if (stranger !== undefined) throw new Error(`${RELEASE_LIST} is of another build`);
    await put(cache, listKey, response);
  };

  return {
    async fill() {
      const cache = await caches.open(name);
      const files = PRECACHE.files.map(([path, integrity]) => keep(cache, path, integrity));
      await Promise.all([...files, keepReleaseList(cache)]);
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
    routes() {
      const { pathname } = new URL(scope);
      const ofFolder = pathname.replaceAll(PATTERN_SIGNS, String.raw`\$&`);
      // A kept file has no query: a request with one would find nothing here, and go to the network.
      return [ofFolder, `${ofFolder}${HASHED}*`].map((pattern) => ({
        condition: { urlPattern: { pathname: pattern, search: "" }, requestMethod: "GET" },
        source: { cacheName: name },
      }));
    },
  };
}

async function put(cache: Cache, key: string, response: Response): Promise<void> {
  // A browser refuses to open a page from an answer that was redirected.
  if (!response.ok || response.redirected) throw new Error(`${key}: status ${response.status}`);
  // One file is one answer, whatever was asked with: the browser, asked by `routes`, would heed what the host says it depends on.
  const headers = new Headers(response.headers);
  headers.delete("Vary");
  await cache.put(key, new Response(response.body, { headers }));
}

/** What the release list says of a file: its digest in hex, and its path. */
function releaseLine([path, integrity]: readonly [path: string, integrity: string]): string {
  const digest = Array.from(atob(integrity.slice("sha256-".length)), (byte) =>
    byte.charCodeAt(0).toString(16).padStart(2, "0"),
  );
  return `${digest.join("")}  ${path === "./" ? "index.html" : path}`;
}
