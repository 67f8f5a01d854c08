/** One link with what sync knows about it: who is there, and the sessions on it. */
import { EMPTY_BYTES } from "../codec/bytes.ts";
import type { ConversationId } from "../codec/ids.ts";
import { FRAME, type Frame } from "./frames.ts";
import type { Greet } from "./payloads.ts";
import type { PeerLink } from "./peer-link.ts";
import type { Session } from "./session.ts";

/** A reach card or a release is below that. */
const MAX_KEPT_BYTES = 2_048;

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
  /** What a guest said of itself, the newest of each type. */
  readonly kept: Map<number, Frame>;
}

export function createConduit(link: PeerLink, own: Greet): Conduit {
  return {
    link,
    own,
    role: "new",
    sessions: new Map(),
    nextSession: link.isOpener ? 1 : 2,
    guestFrames: 0,
    hellos: 0,
    hasToldRelease: false,
    theirTags: new Map(),
    kept: new Map(),
  };
}

/** Whoever knows of a common group before this device does says so once on a link: it counts when this device has heard of the group. */
export function keepOfGuest({ kept }: Conduit, frame: Frame): void {
  const isOfItself = frame.type === FRAME.reachCard || frame.type === FRAME.release;
  if (isOfItself && frame.payload.length <= MAX_KEPT_BYTES) kept.set(frame.type, frame);
}

export function takeKept({ kept }: Conduit): readonly Frame[] {
  const frames = [...kept.values()];
  kept.clear();
  return frames;
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
