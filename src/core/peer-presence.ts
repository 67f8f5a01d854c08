/** How peers are reached, when contacts were last heard, and whose copy of Kith differs: what the network told, in memory. */
import type { AccountId, PeerKey } from "./codec/ids.ts";
import type { Release } from "./codec/release.ts";
import type { Presence } from "./conversations/thread-parts.ts";
import type { Path } from "./transport/transport.ts";

const AWAY: Path = { kind: "away" };

export class PeerPresence implements Presence {
  readonly #paths = new Map<PeerKey, Path>();
  readonly #lastHeard = new Map<AccountId, number>();
  readonly #differingCopies = new Map<PeerKey, Release>();

  pathOf(peer: PeerKey): Path {
    return this.#paths.get(peer) ?? AWAY;
  }

  /** It was tried since it is wanted, and could not be reached. */
  isAway(peer: PeerKey): boolean {
    return this.#paths.get(peer)?.kind === "away";
  }

  /** The transport tells nothing of any others: what was last heard of them does not hold any more. */
  keepOnly(wanted: ReadonlySet<PeerKey>): void {
    for (const peer of this.#paths.keys()) if (!wanted.has(peer)) this.#paths.delete(peer);
  }

  lastHeardOf(account: AccountId): number | undefined {
    return this.#lastHeard.get(account);
  }

  differingCopyOf(peer: PeerKey): Release | undefined {
    return this.#differingCopies.get(peer);
  }

  setPath(peer: PeerKey, path: Path): void {
    this.#paths.set(peer, path);
  }

  heard(account: AccountId, atMs: number): void {
    this.#lastHeard.set(account, atMs);
  }

  setDifferingCopy(peer: PeerKey, release: Release | undefined): void {
    if (release === undefined) this.#differingCopies.delete(peer);
    else this.#differingCopies.set(peer, release);
  }

  clear(): void {
    this.#paths.clear();
  }
}
