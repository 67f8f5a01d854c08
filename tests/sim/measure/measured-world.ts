/** A world that notes when each message reached each reader, and every byte that went over a link. */
import type { AccountId } from "../../../src/core/codec/ids.ts";
import type { Link, Transport } from "../../../src/core/transport/transport.ts";
import { FrameDecoder } from "../../../src/core/sync/frames.ts";
import { createModelSuite } from "../../support/model-suite.ts";
import type { Written } from "../ledger.ts";
import type { SimPerson } from "../person.ts";
import type { Profile } from "../profile.ts";
import { SimWorld } from "../world.ts";

const FRAME_HEADER_BYTES = 7;

export class MeasuredWorld extends SimWorld {
  /** By number of the message, then by reader: virtual milliseconds since the start. */
  readonly arrivals = new Map<number, Map<AccountId, number>>();
  /** Sent over links since `forgetBytes`, by type of frame. */
  readonly bytesByType = new Map<number, number>();

  constructor(seed: number, people: number) {
    super({ seed, people, days: 0, suite: "model" }, createModelSuite(seed));
  }

  override noteShown(profile: Profile, written: Written): void {
    if (profile.seen.has(written.index)) return;
    super.noteShown(profile, written);
    if (profile.account === undefined || profile.account === written.author) return;
    const arrived = this.arrivals.get(written.index) ?? new Map<AccountId, number>();
    this.arrivals.set(written.index, arrived.set(profile.account, this.elapsedMs));
  }

  override transportFor(person: SimPerson): Transport {
    const transport = super.transportFor(person);
    const start = transport.start.bind(transport);
    transport.start = (seed, handlers) =>
      start(seed, {
        onPath: (peer, path) => handlers.onPath(peer, path),
        onReachability: (reachability, relays) => handlers.onReachability(reachability, relays),
        onLink: (link) => handlers.onLink(this.#counted(link)),
      });
    return transport;
  }

  #counted(link: Link): Link {
    const decoder = new FrameDecoder();
    return {
      peer: link.peer,
      path: link.path,
      isOpener: link.isOpener,
      send: (bytes) => {
        for (const { type, payload } of decoder.push(bytes)) {
          const size = FRAME_HEADER_BYTES + payload.length;
          this.bytesByType.set(type, (this.bytesByType.get(type) ?? 0) + size);
        }
        return link.send(bytes);
      },
      close: () => link.close(),
    };
  }
}
