/** Links to contacts, and parcels that arrive on them piece by piece: one at a time on each link, complete before it is used. */
import { DecodeError } from "../codec/decode-error.ts";
import type { PeerKey } from "../codec/ids.ts";
import { FRAME, MAX_PAYLOAD_BYTES } from "../sync/frames.ts";
import type { PeerLink } from "../sync/peer-link.ts";
import { decodeParcelHead, encodeParcelHead, type ParcelHead } from "./courier-frames.ts";

interface Arriving extends ParcelHead {
  readonly bytes: Uint8Array;
  at: number;
}

export class ParcelLinks {
  readonly #links = new Map<PeerKey, Set<PeerLink>>();
  readonly #arriving = new Map<PeerLink, Arriving>();

  add(link: PeerLink): void {
    const links = this.#links.get(link.peer) ?? new Set();
    this.#links.set(link.peer, links.add(link));
  }

  remove(link: PeerLink): void {
    this.#arriving.delete(link);
    const links = this.#links.get(link.peer);
    links?.delete(link);
    if (links?.size === 0) this.#links.delete(link.peer);
  }

  /** The best open link to one of these peers. */
  best(peers: readonly PeerKey[]): PeerLink | undefined {
    const open = peers.flatMap((peer) => [...(this.#links.get(peer) ?? [])]).filter((link) => !link.isClosed);
    return open.find((link) => link.path.kind === "direct") ?? open.at(-1);
  }

  all(): readonly PeerLink[] {
    return [...this.#links.values()].flatMap((links) => [...links]);
  }

  /** @throws DecodeError while another one is on its way. */
  begin(link: PeerLink, payload: Uint8Array): void {
    if (this.#arriving.has(link)) throw new DecodeError("a parcel within a parcel");
    const head = decodeParcelHead(payload);
    this.#arriving.set(link, { ...head, bytes: new Uint8Array(head.size), at: 0 });
  }

  /** The parcel, once it is complete. @throws DecodeError for bytes that belong to none. */
  piece(link: PeerLink, part: Uint8Array): { readonly id: string; readonly bytes: Uint8Array } | undefined {
    const arriving = this.#arriving.get(link);
    if (arriving === undefined || part.length === 0 || part.length > arriving.size - arriving.at) {
      throw new DecodeError("a part of no parcel");
    }
    arriving.bytes.set(part, arriving.at);
    arriving.at += part.length;
    if (arriving.at < arriving.size) return undefined;
    this.#arriving.delete(link);
    return { id: arriving.id, bytes: arriving.bytes };
  }
}

/** Queued at once, so that no other parcel comes in between. */
export function sendParcel(link: PeerLink, id: string, bytes: Uint8Array): void {
  link.send(FRAME.parcel, 0, encodeParcelHead({ id, size: bytes.length }));
  for (let at = 0; at < bytes.length; at += MAX_PAYLOAD_BYTES) {
    link.send(FRAME.parcelPart, 0, bytes.slice(at, at + MAX_PAYLOAD_BYTES));
  }
}
