/** Changes one frame on its way between two people, lets nothing come after it, and tells what the receiver makes of it. */
import type { PeerKey } from "../../src/core/codec/ids.ts";
import { encodeFrame, FRAME, type Frame, FrameDecoder } from "../../src/core/sync/frames.ts";
import type { Link, LinkHandlers, Transport } from "../../src/core/transport/transport.ts";
import type { CoreWorld } from "./core-world.ts";

/** Links that end later than this after the frame end for another reason. */
const AT_ONCE_MS = 500;

/** What arrives instead of a frame; undefined: nothing, and nothing follows. */
export type Instead = (frame: Frame) => Frame | undefined;

export class WireMeddler {
  /** The frame as it was sent. */
  frame: Frame | undefined;
  /** Whether the receiver ended the link over it. */
  hasEndedLink = false;
  /** Types of the frames that the receiver sent from then on, without credit. */
  readonly answers: number[] = [];
  readonly #world: CoreWorld;
  readonly #type: number;
  readonly #instead: Instead;
  #from: PeerKey | undefined;
  #follows: ((frame: Frame) => boolean) | undefined;
  #link: Link | undefined;
  #atMs = 0;

  /** Of the two people's transports that are made from now on. */
  constructor(world: CoreWorld, type: number, instead: Instead) {
    this.#world = world;
    this.#type = type;
    this.#instead = instead;
    const make = world.network.transport.bind(world.network);
    world.network.transport = () => this.#meddled(make());
  }

  /** The next frame of the type that this peer sends is the one. `follows`: what may still come after it on the same link. */
  arm(from: PeerKey, follows: (frame: Frame) => boolean = () => false): void {
    this.#from = from;
    this.#follows = follows;
  }

  #meddled(transport: Transport): Transport {
    const start = transport.start.bind(transport);
    transport.start = (seed, handlers) =>
      start(seed, {
        onPath: (peer, path) => handlers.onPath(peer, path),
        onReachability: (reachability, relays) => handlers.onReachability(reachability, relays),
        onLink: (link) => this.#meddledLink(link, handlers.onLink(this.#watched(link))),
      });
    return transport;
  }

  #meddledLink(link: Link, inner: LinkHandlers): LinkHandlers {
    const decoder = new FrameDecoder();
    return {
      onData: (bytes) => {
        for (const frame of decoder.push(bytes)) {
          const arriving = this.#arriving(link, frame);
          if (arriving !== undefined) inner.onData(encodeFrame(arriving));
        }
      },
      onClose: () => inner.onClose(),
    };
  }

  #arriving(link: Link, frame: Frame): Frame | undefined {
    if (this.frame !== undefined) return link === this.#link && this.#follows?.(frame) === true ? frame : undefined;
    if (frame.type !== this.#type || link.peer !== this.#from) return frame;
    this.frame = frame;
    this.#link = link;
    this.#atMs = this.#world.clock.monotonic();
    const instead = this.#instead(frame);
    if (instead === undefined) this.#follows = undefined;
    return instead;
  }

  /** In place: core and transport tell links apart by identity. */
  #watched(link: Link): Link {
    const [send, close] = [link.send.bind(link), link.close.bind(link)];
    const decoder = new FrameDecoder();
    link.send = (bytes) => {
      const sent = decoder.push(bytes).map(({ type }) => type);
      if (link === this.#link) this.answers.push(...sent.filter((type) => type !== FRAME.credit));
      return send(bytes);
    };
    link.close = () => {
      if (link === this.#link && this.#world.clock.monotonic() - this.#atMs < AT_ONCE_MS) this.hasEndedLink = true;
      return close();
    };
    return link;
  }
}
