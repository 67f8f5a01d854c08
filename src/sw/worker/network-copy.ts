/** network.json: always asked for, because relays move. The last good answer stands in while the host cannot be reached. */

const CACHE_NAME = "kith-network";
const LIMIT_MS = 6_000;

/** Rejects when the host cannot be reached and there is no copy. */
export async function networkFirst(key: string): Promise<Response> {
  const cache = await caches.open(CACHE_NAME);
  try {
    const response = await fetch(key, {
      cache: "no-cache",
      credentials: "omit",
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (response.ok) {
      // A login page of a hotel answers everything with status 200.
      await response.clone().json();
      await cache.put(key, response.clone());
      return response;
    }
    return response.status === 404 ? response : ((await cache.match(key)) ?? response);
  } catch (error) {
    const copy = await cache.match(key, { ignoreVary: true });
    if (copy === undefined) throw error;
    return copy;
  }
}
