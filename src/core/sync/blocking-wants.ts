/**
 * What must come before this side may append: control entries, and own entries that only the peer has. The latter prove that this
 * profile is an old copy; a peer that claims them and never sends them gets nothing new.
 */
import { CONTROL_CHANNEL } from "../codec/entry.ts";
import type { ConversationId, PeerKey } from "../codec/ids.ts";
import { logName } from "../log/log-state.ts";
import type { SyncHost } from "./host.ts";
import type { WantRange } from "./payloads.ts";

export class BlockingWants {
  readonly #host: SyncHost;
  readonly #conversation: ConversationId;
  readonly #peer: PeerKey;
  #ranges: readonly WantRange[];

  constructor(host: SyncHost, conversation: ConversationId, peer: PeerKey, wants: readonly WantRange[]) {
    this.#host = host;
    this.#peer = peer;
    this.#conversation = conversation;
    this.#ranges = wants.filter((range) => range.channel === CONTROL_CHANNEL || host.isOwnDevice(range.device));
  }

  /** Whether something is still to come. */
  async isOpen(): Promise<boolean> {
    if (this.#ranges.length === 0) return false;
    const logs = await this.#host.readLogs(this.#conversation);
    this.#ranges = this.#ranges.filter(
      // Nobody can bring the rest of a log of which there are two histories.
      (range) => {
        const row = logs.get(logName(range.device, range.channel))?.row;
        return (row?.height ?? 0) < range.to && row?.forkedAt === undefined;
      },
    );
    // What is of somebody who is not known to belong here is asked for again once it is.
    return this.#ranges.some(({ device, channel }) =>
      this.#host.couldTake(this.#conversation, this.#peer, device, channel),
    );
  }
}
