/** Rows and messages as the messenger would hand them out. */
import type {
  AccountId,
  DirectThreadView,
  GroupRole,
  GroupThreadView,
  MemberView,
  MessageView,
  Path,
  ThreadId,
  ThreadView,
} from "../../src/core/views.ts";

/** The one own log that the fakes know. */
export const OWN_LOG = "own";

export interface MessageFacts {
  readonly text: string;
  readonly isOwn: boolean;
  readonly at: number;
  readonly author: ThreadView;
  readonly isPending?: boolean;
}

/** A message whose place in the order is `number`. */
export function messageView(number: number, facts: MessageFacts): MessageView {
  const isPending = facts.isPending ?? false;
  const entry = facts.isOwn && !isPending ? { log: OWN_LOG, seq: number } : {};
  return {
    id: `message-${number}`,
    order: String(number).padStart(9, "0"),
    author: facts.isOwn ? ("me" as AccountId) : (facts.author.id as string as AccountId),
    authorName: facts.isOwn ? "" : facts.author.name,
    isOwn: facts.isOwn,
    kind: "text",
    text: facts.text,
    writtenAt: facts.at,
    orderedAt: facts.at,
    isLate: false,
    isPending,
    ...entry,
  };
}

/** @throws for a group */
export function direct(thread: ThreadView | undefined): DirectThreadView {
  if (thread?.kind !== "direct") throw new Error("not a conversation of two");
  return thread;
}

export interface ThreadFacts {
  readonly path: Path;
  readonly isConfirmed?: boolean;
  readonly activeAt?: number;
  readonly lastHeard?: number;
  readonly waiting?: number;
  readonly draft?: string;
  readonly tag?: string;
}

export function threadView(id: string, name: string, facts: ThreadFacts): DirectThreadView {
  const { path, isConfirmed = true, activeAt = Date.now(), waiting = 0, draft = "", ...rest } = facts;
  return {
    id: id as ThreadId,
    kind: "direct",
    name,
    contact: {
      account: id as AccountId & ThreadId,
      name,
      privateName: "",
      isConfirmed,
      isBlocked: false,
      isVerified: false,
    },
    path,
    unread: 0,
    waiting,
    activeAt,
    draft,
    ...("lastHeard" in rest ? { lastHeard: rest.lastHeard } : {}),
    ...("tag" in rest ? { tag: rest.tag } : {}),
  };
}

/** A group with these members; of none any more without a role of one's own. */
export function groupView(
  id: string,
  name: string,
  members: readonly MemberView[],
  ownRole?: GroupRole,
): GroupThreadView {
  const online = members.filter(({ isOnline }) => isOnline).length;
  return {
    id: id as ThreadId,
    kind: "group",
    name,
    group: { members, ...(ownRole === undefined ? {} : { ownRole }), size: members.length, online },
    path: { kind: online > 1 ? "direct" : "away" },
    unread: 0,
    waiting: 0,
    activeAt: Date.now(),
    draft: "",
  };
}

/** A group that the person accepted to be added to, none of whose members was met since. */
export function joiningView(id: string, name: string): GroupThreadView {
  const { ownRole: _none, ...group } = groupView(id, name, [], "member").group;
  return { ...groupView(id, name, [], "member"), group: { ...group, isJoining: true } };
}
