/**
 * A transport that is loaded by its start: the network code and its configuration come after the first paint. While the host
 * cannot be reached the loading is tried again, so that a page from the cache gets its network when there is one.
 */
import type { Clock } from "../../core/clock.ts";
import type { PeerKey } from "../../core/codec/ids.ts";
import type { RelayingRules, Transport, TransportHandlers, WantedPeer } from "../../core/transport/transport.ts";

const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 15_000;

export function deferTransport(clock: Clock, load: (signal: AbortSignal) => Promise<Transport>): Transport {
  let inner: Transport | undefined;
  let stopping: AbortController | undefined;
  let wanted: readonly WantedPeer[] = [];
  let blocked: readonly PeerKey[] = [];
  let relaying: RelayingRules = { isOn: false, bytesLeft: 0 };
  let isOnline = true;
  let retryNow = new AbortController();

  const loadWithRetries = async (signal: AbortSignal, handlers: TransportHandlers): Promise<Transport> => {
    for (let tried = 0; ; tried += 1) {
      try {
        return await load(signal);
      } catch (error) {
        signal.throwIfAborted();
        // A module that fails to load stays failed for the page; the configuration may come later.
        if (error instanceof SyntaxError) throw error;
        handlers.onReachability(
          isOnline ? { kind: "connecting", tried: tried + 1 } : { kind: "offline", reason: "no-network" },
          [],
        );
        const pauseMs = Math.min(FIRST_RETRY_MS * 2 ** tried, MAX_RETRY_MS) * (0.5 + Math.random());
        await clock.delay(pauseMs, AbortSignal.any([signal, retryNow.signal])).catch(() => signal.throwIfAborted());
      }
    }
  };

  const hurry = (): void => {
    retryNow.abort();
    retryNow = new AbortController();
  };

  return {
    async start(peerSeed, handlers) {
      stopping = new AbortController();
      const { signal } = stopping;
      const loaded = await loadWithRetries(signal, handlers).catch((error: unknown) => {
        if (!signal.aborted) throw error;
        return undefined;
      });
      // Stopped while it was loaded, by a page that is left for one.
      if (loaded === undefined || signal.aborted) return;
      inner = loaded;
      inner.setOnline(isOnline);
      inner.block(blocked);
      inner.setRelaying(relaying);
      inner.want(wanted);
      await inner.start(peerSeed, handlers);
    },
    async stop() {
      stopping?.abort(new Error("the transport was stopped"));
      await inner?.stop();
    },
    want(peers) {
      wanted = peers;
      inner?.want(peers);
    },
    refuse: (peer, forMs) => inner?.refuse(peer, forMs),
    block(peers) {
      blocked = peers;
      inner?.block(peers);
    },
    get byHand() {
      return inner?.byHand;
    },
    setRelaying(rules) {
      relaying = rules;
      inner?.setRelaying(rules);
    },
    ownRelays: () => inner?.ownRelays() ?? [],
    wake() {
      hurry();
      inner?.wake();
    },
    setOnline(online) {
      isOnline = online;
      if (online) hurry();
      inner?.setOnline(online);
    },
  };
}
