/**
 * What must come before this side may append: control entries, and own entries that only the peer has. The latter prove that this
 * profile is an old copy; a peer that claims them and never sends them gets nothing new.
 */
import { CONTROL_CHANNEL } from "../codec/entry.ts";
import type { ConversationId } from "../codec/ids.ts";
import { logName } from "../log/log-state.ts";
import type { SyncHost } from "./host.ts";
import type { WantRange } from "./payloads.ts";

export class BlockingWants {
  readonly #host: SyncHost;
  readonly #conversation: ConversationId;
  #ranges: readonly WantRange[];

  constructor(host: SyncHost, conversation: ConversationId, wants: readonly WantRange[]) {
    this.#host = host;
    this.#conversation = conversation;
    this.#ranges = wants.filter((range) => range.channel === CONTROL_CHANNEL || host.isOwnDevice(range.device));
  }

  /** Whether something is still to come. */
  async isOpen(): Promise<boolean> {
    if (this.#ranges.length === 0) return false;
    const logs = await this.#host.readLogs(this.#conversation);
    this.#ranges = this.#ranges.filter(
      (range) => (logs.get(logName(range.device, range.channel))?.row.height ?? 0) < range.to,
    );
    return this.#ranges.length > 0;
  }
}
