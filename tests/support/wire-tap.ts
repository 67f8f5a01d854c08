/** Listens to frames as they arrive in a memory network, can let a link fail exactly at one of them, and can put another in its place. */
import type { PeerKey } from "../../src/core/codec/ids.ts";
import { encodeFrame, type Frame, FrameDecoder } from "../../src/core/sync/frames.ts";
import type { Link, Transport, TransportHandlers } from "../../src/core/transport/transport.ts";
import type { CoreWorld } from "./core-world.ts";

/**
 * Called for each frame before it is handed over. "lost" keeps it and all that follows on this link from arriving; a frame
 * arrives instead.
 */
export type Tap = (frame: Frame, from: PeerKey) => Frame | "lost" | undefined;

/** Taps every transport that is made from now on. */
export function tapWire(world: CoreWorld, tap: Tap): void {
  const make = world.network.transport.bind(world.network);
  world.network.transport = (): Transport => {
    const transport = make();
    const start = transport.start.bind(transport);
    transport.start = (seed, handlers) => start(seed, tapped(handlers, tap));
    return transport;
  };
}

/** All frames that arrive anywhere from now on. */
export function overheard(world: CoreWorld): Frame[] {
  const frames: Frame[] = [];
  tapWire(world, (frame) => {
    frames.push(frame);
    return undefined;
  });
  return frames;
}

function tapped(handlers: TransportHandlers, tap: Tap): TransportHandlers {
  return {
    onPath: (peer, path) => handlers.onPath(peer, path),
    onReachability: (reachability, relays) => handlers.onReachability(reachability, relays),
    onLink(link) {
      const decoder = new FrameDecoder();
      const inner = handlers.onLink(link);
      let isLost = false;
      return {
        onData(bytes) {
          for (const frame of decoder.push(bytes)) {
            const instead = tap(frame, link.peer) ?? frame;
            if (instead === "lost") isLost = true;
            else if (!isLost) inner.onData(encodeFrame(instead));
          }
        },
        onClose: () => inner.onClose(),
      };
    },
  };
}

/** What the transport port was given, link by link. */
export class HandedOver {
  readonly #links: Uint8Array[][] = [];

  /** Where the bytes of a new link are put. */
  link(): Uint8Array[] {
    const sent: Uint8Array[] = [];
    this.#links.push(sent);
    return sent;
  }

  /** Whether these bytes stand in the stream of any link. */
  holds(bytes: Uint8Array): boolean {
    return this.#links.some((sent) => Buffer.concat(sent).includes(Buffer.from(bytes)));
  }

  frames(): readonly Frame[] {
    return this.#links.flatMap((sent) => {
      const decoder = new FrameDecoder();
      return sent.flatMap((bytes) => [...decoder.push(bytes)]);
    });
  }
}

/** Keeps all bytes that are handed to transports made from now on. */
export function handedOver(world: CoreWorld): HandedOver {
  const handed = new HandedOver();
  const make = world.network.transport.bind(world.network);
  world.network.transport = (): Transport => {
    const transport = make();
    const start = transport.start.bind(transport);
    transport.start = (seed, handlers) =>
      start(seed, {
        onPath: (peer, path) => handlers.onPath(peer, path),
        onReachability: (reachability, relays) => handlers.onReachability(reachability, relays),
        onLink: (link) => handlers.onLink(recorded(link, handed.link())),
      });
    return transport;
  };
  return handed;
}

function recorded(link: Link, sent: Uint8Array[]): Link {
  const send = link.send.bind(link);
  // In place: core and transport tell links apart by identity.
  link.send = (bytes) => {
    sent.push(bytes.slice());
    return send(bytes);
  };
  return link;
}
