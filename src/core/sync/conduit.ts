/** One link with what sync knows about it: who is there, and the sessions on it. */
import { EMPTY_BYTES } from "../codec/bytes.ts";
import type { ConversationId } from "../codec/ids.ts";
import { FRAME } from "./frames.ts";
import type { Greet } from "./payloads.ts";
import type { PeerLink } from "./peer-link.ts";
import type { Session } from "./session.ts";

export interface Conduit {
  readonly link: PeerLink;
  readonly own: Greet;
  remote?: Greet;
  role: "new" | "guest" | "contact";
  readonly sessions: Map<number, Session>;
  /** Number of the next session this side opens: odd for the opener of the stream, even for the other. */
  nextSession: number;
  guestFrames: number;
  hellos: number;
  hasToldRelease: boolean;
  /** What the peer calls each conversation on this link. */
  readonly theirTags: Map<ConversationId, Uint8Array>;
}

export function sessionFor(conduit: Conduit, conversation: ConversationId): Session | undefined {
  return [...conduit.sessions.values()].find((session) => session.conversation === conversation);
}

/** A conversation is not here any more: told to everybody who is connected in it. */
export function endSessions(conduits: Iterable<Conduit>, conversation: ConversationId): void {
  for (const conduit of conduits) {
    for (const [number, session] of conduit.sessions) {
      if (session.conversation !== conversation) continue;
      conduit.sessions.delete(number);
      conduit.link.send(FRAME.unknownConversation, number, EMPTY_BYTES);
    }
  }
}

export function guestsAmong(conduits: Iterable<Conduit>): number {
  return [...conduits].filter(({ role }) => role === "guest").length;
}
