/** Runs in a page: both ends of what is measured per rung, Kith's transport as core drives it, and bare WebRTC beside it. */
import { createLibp2pTransport } from "../../src/adapters/libp2p/libp2p-transport.ts";
import { browserClock } from "../../src/adapters/platform/browser-clock.ts";
import type { PeerKey } from "../../src/core/codec/ids.ts";
import type { Link, LinkHandlers, Path, Transport, WantedPeer } from "../../src/core/transport/transport.ts";
import { Pipe } from "./pipe.ts";
import { RawEnd } from "./rung-raw.ts";

const LIMIT_MS = 20_000;
const LOOK_MS = 5;

export interface SetUp {
  /** From the wish to the first link, over whatever. */
  readonly firstMs: number;
  /** From the wish to a link of the wanted kind. */
  readonly wantedMs: number;
  /** Whether this end opened them: else the other one dialled as well, and the time is not of one wish. */
  readonly isOpener: boolean;
}

interface Arrived {
  readonly kind: Path["kind"];
  readonly atMs: number;
  readonly isOpener: boolean;
}

class KithEnd {
  readonly transport: Transport;
  pipe = new Pipe();
  others: readonly WantedPeer[] = [];
  links: Link[] = [];
  arrived: Arrived[] = [];
  isOnline = false;
  helpers: readonly PeerKey[] = [];
  /** Whose links are measured. */
  partner = "";

  constructor(relays: readonly string[], iceServers: readonly RTCIceServer[]) {
    this.transport = createLibp2pTransport({ relays, iceServers, allowInsecure: true, clock: browserClock });
  }

  onLink(link: Link): LinkHandlers {
    if (link.peer !== this.partner) return { onData: () => undefined, onClose: () => undefined };
    const older = this.links;
    this.links = [...older, link];
    this.arrived.push({ kind: link.path.kind, atMs: performance.now(), isOpener: link.isOpener });
    const { pipe } = this;
    pipe.use({ send: async (bytes) => link.send(bytes) });
    // Said at once, as core does: it shows the other end that this one has moved here.
    pipe.greet();
    return {
      onData: (bytes) => {
        for (const replaced of older) void replaced.close();
        if (this.links.at(-1) === link) pipe.hear(bytes);
      },
      onClose: () => {
        this.links = this.links.filter((other) => other !== link);
      },
    };
  }

  /** The wanted peers beside the one that is measured. */
  want(partner?: WantedPeer): void {
    this.transport.want(partner === undefined ? this.others : [...this.others, partner]);
  }
}

let kith: KithEnd | undefined;
const raw = new RawEnd();

function running(): KithEnd {
  if (kith === undefined) throw new Error("start first");
  return kith;
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const endsAt = performance.now() + LIMIT_MS; !condition();) {
    if (performance.now() > endsAt) throw new Error(`${what} did not come`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

export interface KithStart {
  readonly seed: number;
  readonly partner: string;
  readonly relays: readonly string[];
  readonly iceServers: readonly RTCIceServer[];
}

/** What the driver calls through the page. */
export const rungs = {
  async start({ seed, partner, relays, iceServers }: KithStart): Promise<void> {
    kith = new KithEnd(relays, iceServers);
    const end = kith;
    end.partner = partner;
    await end.transport.start(new Uint8Array(32).fill(seed), {
      onLink: (link) => end.onLink(link),
      onPath: () => undefined,
      onReachability: ({ kind }) => {
        end.isOnline = kind === "online";
      },
      onHelpers: (helpers) => {
        end.helpers = helpers;
      },
    });
    await until(() => end.isOnline, "a reservation");
  },
  relayFor: (others: readonly WantedPeer[]) => {
    running().others = others;
    running().transport.setRelaying({ isOn: true, bytesLeft: 1e9 });
    running().want();
  },
  async befriend(helper: WantedPeer): Promise<void> {
    running().others = [helper];
    running().want();
    await until(() => running().helpers.includes(helper.peer), "a reservation on the helper");
  },
  /** Nothing comes from the other end, whose attempts grow rare, and nothing is left of the links. */
  async part(): Promise<void> {
    const end = running();
    end.want();
    end.transport.block([end.partner as PeerKey]);
    await until(() => end.links.length === 0, "the end of the links");
  },
  /** What the other end wants is kept, so that it answers; it dials in vain while this one is blocked there. */
  wait: (target: WantedPeer) => running().want(target),
  async meet(target: WantedPeer, kind: Path["kind"]): Promise<SetUp> {
    const end = running();
    end.arrived = [];
    end.pipe = new Pipe();
    end.transport.block([]);
    const startedAt = performance.now();
    end.want(target);
    await until(() => end.arrived.some((link) => link.kind === kind), `a link of kind ${kind}`);
    const wanted = end.arrived.find((link) => link.kind === kind);
    return {
      firstMs: (end.arrived[0]?.atMs ?? Number.NaN) - startedAt,
      wantedMs: (wanted?.atMs ?? Number.NaN) - startedAt,
      isOpener: end.arrived.every(({ isOpener }) => isOpener),
    };
  },
  /** How messages go now, by the transport's word. */
  path: () => running().links.at(-1)?.path.kind,
  roundTrips: async (count: number) => running().pipe.roundTrips(count),
  push: async (bytes: number) => running().pipe.push(bytes),
  rawJoin: async (url: string) => raw.join(url),
  rawConfigure: (configuration: RTCConfiguration) => raw.configure(configuration),
  rawCall: async () => raw.call(),
  rawSelected: async () => raw.selected(),
  rawRoundTrips: async (count: number) => raw.pipe.roundTrips(count),
  rawPush: async (bytes: number) => raw.pipe.push(bytes),
  rawClose: () => raw.close(),
};

export type Rungs = typeof rungs;
Object.assign(globalThis, { rungs });
