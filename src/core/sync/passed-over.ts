/**
 * What a peer has and could not be taken when it came: it did not follow on what was held, or was of somebody who was not known yet to
 * belong here. The peer counts what it sent as received, so it is asked for again once that has changed (PROTOCOL, Sync).
 */
import type { ConversationId } from "../codec/ids.ts";
import { MAX_GROUP_LOGS } from "../log/accept.ts";
import { logName, type PassedPiece } from "../log/log-state.ts";
import { FRAME } from "./frames.ts";
import type { SyncHost } from "./host.ts";
import { encodeWant, MAX_HAVE_ROWS, type WantRange } from "./payloads.ts";
import type { PeerLink } from "./peer-link.ts";

type Host = Pick<SyncHost, "couldTake" | "readLogs">;

/** Logs of one peer in one conversation. */
const MAX_PIECES = MAX_GROUP_LOGS;

export class PassedOver {
  readonly #host: Host;
  readonly #link: PeerLink;
  readonly #conversation: ConversationId;
  readonly #session: number;
  /** By log name. */
  readonly #pieces = new Map<string, PassedPiece>();

  constructor(host: Host, link: PeerLink, conversation: ConversationId, session: number) {
    this.#host = host;
    this.#link = link;
    this.#conversation = conversation;
    this.#session = session;
  }

  note(pieces: readonly PassedPiece[]): void {
    for (const piece of pieces) {
      const name = logName(piece.device, piece.channel);
      const held = this.#pieces.get(name);
      if (held === undefined && this.#pieces.size >= MAX_PIECES) continue;
      this.#pieces.set(name, { ...piece, to: Math.max(piece.to, held?.to ?? 0) });
    }
  }

  /** Asks for what could be taken now: for each log once at every height. */
  async ask(): Promise<void> {
    if (this.#pieces.size === 0) return;
    const logs = await this.#host.readLogs(this.#conversation);
    const wants: WantRange[] = [];
    for (const [name, piece] of this.#pieces) {
      const { device, channel, to } = piece;
      const height = logs.get(name)?.row.height ?? 0;
      if (height >= to) this.#pieces.delete(name);
      else if (height !== piece.triedAt && this.#host.couldTake(this.#conversation, this.#link.peer, device, channel)) {
        this.#pieces.set(name, { ...piece, triedAt: height });
        wants.push({ device, channel, from: height + 1, to });
      }
    }
    for (let from = 0; from < wants.length; from += MAX_HAVE_ROWS) {
      this.#link.send(FRAME.wantAgain, this.#session, encodeWant(wants.slice(from, from + MAX_HAVE_ROWS)));
    }
  }
}
