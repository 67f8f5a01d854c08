/** network.json: always asked for, because relays move. The last good answer stands in while the host cannot be reached. */

const CACHE_NAME = "kith-network";
/** How long a copy waits for the answer that would be better. */
const PATIENCE_MS = 6_000;

/** Rejects when the host cannot be reached and there is no copy. */
export async function networkFirst(key: string): Promise<Response> {
  const cache = await caches.open(CACHE_NAME);
  const copy = await cache.match(key, { ignoreVary: true });
  const signal = copy === undefined ? null : AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await fetch(key, { cache: "no-cache", credentials: "omit", signal });
    if (!response.ok) return response.status === 404 ? response : (copy ?? response);
    // A login page of a hotel answers everything with status 200.
    await response.clone().json();
    await cache.put(key, response.clone());
    return response;
  } catch (error) {
    if (copy === undefined) throw error;
    return copy;
  }
}
