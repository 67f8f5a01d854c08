/** Listens to frames as they arrive in a memory network, can let a link fail exactly at one of them, and can put another in its place. */
import type { PeerKey } from "../../src/core/codec/ids.ts";
import { encodeFrame, type Frame, FrameDecoder } from "../../src/core/sync/frames.ts";
import type { Transport, TransportHandlers } from "../../src/core/transport/transport.ts";
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
