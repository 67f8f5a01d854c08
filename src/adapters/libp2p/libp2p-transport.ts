/** The transport port over libp2p: WebSocket to relays, circuits through them, WebRTC between peers. */
import type { Clock } from "../../core/clock.ts";
import type { PeerKey } from "../../core/codec/ids.ts";
import type { RelayingRules, Transport, WantedPeer } from "../../core/transport/transport.ts";
import { parseRelays } from "./addresses.ts";
import { onNetworkChange } from "./network-change.ts";
import { MAX_OWN_RELAYS } from "./reservations.ts";
import { rankRelays } from "./relay-choice.ts";
import { Session } from "./session.ts";

/** The most relays a configuration may list. */
const MAX_CONFIGURED_RELAYS = 1000;

export interface Libp2pTransportOptions {
  /** Multiaddrs of rendezvous relays, with their peer ids. */
  readonly relays: readonly string[];
  /** Used exactly as given: an empty list contacts no STUN server. */
  readonly iceServers: readonly RTCIceServer[];
  /** Whether `ws://` and loopback or private addresses may be dialled: only when the page itself is on localhost. */
  readonly allowInsecure: boolean;
  readonly clock: Clock;
  /** For jitter: uniform in [0, 1). */
  readonly random?: () => number;
}

export function createLibp2pTransport(options: Libp2pTransportOptions): Transport {
  const { iceServers, allowInsecure, clock, random = Math.random } = options;
  const relays = parseRelays(options.relays, allowInsecure, MAX_CONFIGURED_RELAYS);
  let starting: Promise<Session> | undefined;
  let session: Session | undefined;
  let watching: AbortController | undefined;
  let wanted: readonly WantedPeer[] = [];
  let blocked: readonly PeerKey[] = [];
  let relaying: RelayingRules = { isOn: false, bytesLeft: 0 };
  let hasNetwork = true;

  return {
    async start(peerSeed, handlers) {
      if (starting !== undefined) throw new Error("the transport is started already");
      const ranked = rankRelays(relays, peerSeed);
      const ours = Session.start({
        seed: peerSeed,
        handlers,
        relays: ranked,
        iceServers,
        allowInsecure,
        clock,
        random,
        hasNetwork,
      });
      starting = ours;
      let started: Session;
      try {
        started = await ours;
      } catch (error) {
        if (starting === ours) starting = undefined;
        throw error;
      }
      // Stopped while it started: stop() ends it.
      if (starting !== ours) return;
      session = started;
      watching = new AbortController();
      onNetworkChange(() => started.wake(), watching.signal);
      session.setOnline(hasNetwork);
      session.block(blocked);
      session.relaying.setRules(relaying);
      session.want(wanted);
    },
    async stop() {
      const running = session;
      watching?.abort();
      const stopping = starting;
      starting = undefined;
      session = undefined;
      // Without a detour when it runs: a page that goes away may not get to a later turn.
      if (running !== undefined) await running.stop();
      else await (await stopping?.catch(() => undefined))?.stop();
    },
    want(peers) {
      wanted = [...peers];
      session?.want(wanted);
    },
    refuse: (peer, forMs) => session?.refuse(peer, forMs),
    block(peers) {
      blocked = [...peers];
      session?.block(blocked);
    },
    get byHand() {
      return session?.byHand;
    },
    setRelaying(rules) {
      relaying = rules;
      session?.relaying.setRules(rules);
    },
    ownRelays: () => session?.ownRelays() ?? relays.slice(0, MAX_OWN_RELAYS).map((relay) => relay.text),
    wake: () => session?.wake(),
    setOnline(isOnline) {
      hasNetwork = isOnline;
      session?.setOnline(isOnline);
    },
  };
}
