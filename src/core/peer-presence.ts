/** How peers are reached and when contacts were last heard: what the network told, in memory. */
import type { AccountId, PeerKey } from "./codec/ids.ts";
import type { Presence } from "./conversations/thread-views.ts";
import type { Path } from "./transport/transport.ts";

const AWAY: Path = { kind: "away" };

export class PeerPresence implements Presence {
  readonly #paths = new Map<PeerKey, Path>();
  readonly #lastHeard = new Map<AccountId, number>();

  pathOf(peer: PeerKey): Path {
    return this.#paths.get(peer) ?? AWAY;
  }

  lastHeardOf(account: AccountId): number | undefined {
    return this.#lastHeard.get(account);
  }

  setPath(peer: PeerKey, path: Path): void {
    this.#paths.set(peer, path);
  }

  heard(account: AccountId, atMs: number): void {
    this.#lastHeard.set(account, atMs);
  }

  clear(): void {
    this.#paths.clear();
  }
}
