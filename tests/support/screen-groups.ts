/** The groups of the screen's page. */
import type { AccountId, GroupChangeView, GroupRole, MemberView, MessageView, ThreadId } from "../../src/core/views.ts";
import { withRights } from "./fake-groups.ts";
import type { FakeMessenger } from "./fake-messenger.ts";
import { groupView, messageView, OWN_LOG, threadView } from "./fake-views.ts";

const MINUTE_MS = 60_000;

type Line = readonly [who: string, minutesAgo: number, said: string | GroupChangeView];

interface MemberFacts {
  readonly role?: GroupRole;
  readonly isOnline?: boolean;
  readonly isContact?: boolean;
  readonly tag?: string;
  readonly lastHeard?: number;
}

function member(account: string, name: string, facts: MemberFacts = {}): MemberView {
  const { role = "member", isOnline = false, isContact = true, tag, lastHeard } = facts;
  return {
    account: account as AccountId,
    name,
    ...(tag === undefined ? {} : { tag }),
    isOwn: account === "me",
    role,
    isContact,
    ...(isContact && account !== "me" ? { thread: account as ThreadId } : {}),
    ...(lastHeard === undefined ? {} : { lastHeard }),
    isOnline,
    canRemove: false,
    canChangeRole: false,
  };
}

function talk(members: readonly MemberView[], lines: readonly Line[]): MessageView[] {
  const now = Date.now();
  return lines.map(([who, minutesAgo, said], index): MessageView => {
    const author = members.find(({ account }) => account === who);
    const isOwn = who === "me";
    const plain = messageView(index + 1, {
      text: typeof said === "string" ? said : "",
      isOwn,
      at: now - minutesAgo * MINUTE_MS,
      author: threadView(who, author?.name ?? "", { path: { kind: "away" } }),
    });
    return typeof said === "string" ? plain : { ...plain, kind: "change", change: said };
  });
}

/** Own account is its admin; Ana and one of two Evas write. */
export function lakeGroup(messenger: FakeMessenger): void {
  const members = [
    member("me", "", { role: "admin", isOnline: true }),
    member("a11a", "Ana Brandt", { role: "admin", isOnline: true }),
    member("e0e0", "Eva", { tag: "e0e0", lastHeard: Date.now() - 2 * 24 * 60 * MINUTE_MS }),
    member("5e5e", "Eva", { tag: "5e5e", isContact: false, isOnline: true }),
  ];
  const lines: readonly Line[] = [
    ["a11a", 60, { kind: "created", by: "Ana Brandt", name: "Trip" }],
    ["a11a", 60, { kind: "added", by: "Ana Brandt", subject: "" }],
    ["a11a", 58, "So: Friday evening, back on Sunday?"],
    ["me", 55, "Works for me. I have room for two in the car."],
    ["a11a", 50, { kind: "added", by: "Ana Brandt", subject: "Eva" }],
    ["a11a", 50, { kind: "renamed", by: "Ana Brandt", name: "Trip to the lake" }],
    ["5e5e", 40, "Perfect, I’ll take one of them"],
    ["5e5e", 39, "I can bring the tent, the stove and whatever else you need for three days outside, just tell me"],
    ["e0e0", 38, "And I the boat"],
    ["me", 30, "Great, then all is settled"],
    ["me", 29, "See you at the station"],
  ];
  const thread = groupView("9a00", "Trip to the lake", withRights(members, "admin"), "admin");
  const mark = (after: number, delivered: number, read: number) => ({ after, delivered, read });
  const receipts = { [OWN_LOG]: [mark(0, 11, 11), mark(5, 10, 9), mark(5, 10, 10)] };
  messenger.add({ ...thread, activeAt: Date.now() - 29 * MINUTE_MS }, talk(members, lines), receipts);
}

/** Sixty members, with long names; own account is none of its admins. */
export function largeGroups(messenger: FakeMessenger): void {
  const members = [
    member("me", "", { isOnline: true }),
    ...Array.from({ length: 59 }, (_, index) =>
      member(
        `${(index * 7919).toString(16).padStart(4, "0")}m`,
        index % 5 === 0 ? `Maximiliane-Theodora Nr ${index}` : `Neighbour ${index}`,
        {
          role: index === 0 ? "admin" : "member",
          isOnline: index % 3 === 0,
          isContact: index % 7 === 0,
        },
      ),
    ),
  ];
  const thread = groupView(
    "9a60",
    "Everybody who lives between the old mill and the river, and their friends",
    members,
    "member",
  );
  messenger.add({ ...thread, activeAt: Date.now() - 90 * MINUTE_MS }, []);
}
