/** Transport handlers that note what they hear, and notice when they are called from inside one another. */
import type { PeerKey } from "../../src/core/codec/ids.ts";
import type { Link, LinkHandlers, Path, Reachability, TransportHandlers } from "../../src/core/transport/transport.ts";

export interface RecordedLink {
  readonly link: Link;
  readonly received: number[];
  isClosed: boolean;
}

export class RecordingHandlers implements TransportHandlers {
  readonly links: RecordedLink[] = [];
  readonly paths: { readonly peer: PeerKey; readonly kind: Path["kind"] }[] = [];
  readonly reachability: Reachability["kind"][] = [];
  /** Called inside `onLink` and `onData`, to try what a handler may do. */
  reaction: (link: Link) => void = () => undefined;
  isReentered = false;
  #isInside = false;

  onLink(link: Link): LinkHandlers {
    const record: RecordedLink = { link, received: [], isClosed: false };
    this.#alone(() => {
      this.links.push(record);
      this.reaction(link);
    });
    return {
      onData: (bytes) =>
        this.#alone(() => {
          record.received.push(...bytes);
          if (record.isClosed) throw new Error("Data after the close");
          this.reaction(link);
        }),
      onClose: () =>
        this.#alone(() => {
          if (record.isClosed) throw new Error("Closed twice");
          record.isClosed = true;
        }),
    };
  }

  onPath(peer: PeerKey, path: Path): void {
    this.#alone(() => this.paths.push({ peer, kind: path.kind }));
  }

  onReachability(reachability: Reachability): void {
    this.#alone(() => this.reachability.push(reachability.kind));
  }

  get open(): readonly RecordedLink[] {
    return this.links.filter((record) => !record.isClosed);
  }

  #alone(work: () => void): void {
    if (this.#isInside) this.isReentered = true;
    this.#isInside = true;
    try {
      work();
    } finally {
      this.#isInside = false;
    }
  }
}
