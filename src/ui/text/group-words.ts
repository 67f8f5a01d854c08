/** Words about groups. */
import type { GroupChangeView, GroupView, InviteUses, MemberView } from "../../core/views.ts";
import { formatMoment } from "./time.ts";
import type { GroupTrouble } from "../../state/group-trouble.ts";

export const GROUP_INTRODUCTION =
  "They see the group at once and may leave it again. Everybody in it sees who else is in it, and their names.";

export const NO_CONTACTS = "You have no contacts yet, so there is nobody to bring together. Invite someone first.";

export const ALL_ARE_IN = "All of your contacts are in this group. Make an invite link for somebody else.";

export const ADDING_EXPLAINED = "They see what is written from then on. Older messages stay with those who were here.";

export const LEFT =
  "You are not in this group any more. What was said stays here to read. Nothing new arrives, and you cannot write here; an admin can add you again.";

export const JOINING =
  "You accepted. Kith joins this group as soon as it meets one of its members; you need not wait here.";

export const JOINING_DELETING = "This gives up joining the group. To join later, ask to be added again.";

export const LEFT_DELETING =
  "This deletes every message of this group from this device. The others keep theirs. To come back, ask an admin to add you.";

/** A change of the group, as a line between its messages. */
export function changeWords({ kind, by, subject, name = "" }: GroupChangeView): string {
  const who = by === "" ? "You" : by;
  const whom = subject === "" ? "you" : (subject ?? "");
  switch (kind) {
    case "created":
      return `${who} created the group ${name}`;
    case "added":
      return `${who} added ${whom}`;
    case "removed":
      return `${who} removed ${whom}`;
    case "left":
      return `${who} left`;
    case "promoted":
      return `${who} made ${whom} an admin`;
    case "demoted":
      return `${who} made ${whom} a member without admin rights`;
    case "renamed":
      return `${who} renamed the group to ${name}`;
    case "pictured":
      return `${who} changed the picture`;
    case "disputed":
      return `Not everybody has the same from ${who}. Ask the others what they see, and ${who} to write it again`;
  }
}

/** What a newcomer is told below the line that says who added them. */
export const NEWCOMER = "You see what is written from here on. Older messages are not yours to read.";

export function groupTroubleWords(trouble: GroupTrouble): string {
  switch (trouble.kind) {
    case "no-name":
      return "Type a name for the group first. It can be changed later.";
    case "name-too-long":
      return "This name is too long. Make it a little shorter.";
    case "nobody":
      return "Choose at least one person first.";
    case "no-picture":
      return "This file is no picture that this browser can read. Choose a photo, or save the picture as PNG or JPEG first.";
    case "refused":
      return "This is not possible any more: the group or your contacts have changed meanwhile. Close this and look again.";
    case "too-many":
      return `A group has room for ${trouble.limit} people. Choose fewer.`;
    case "full":
      return "Nothing was changed: this device is full. Free some space, then try again.";
    case "failed":
      return "Nothing was changed: writing to this device failed. Try again, or reload Kith.";
  }
}

export function membersWords(size: number): string {
  return size === 1 ? "1 member" : `${size} members`;
}

/** Below a member's name. */
export function memberWords({ isOwn, isOnline, lastHeard, role, isContact }: MemberView, now: number): string {
  const heard = lastHeard === undefined ? "Not heard yet" : `Last heard ${formatMoment(lastHeard, now)}`;
  const facts = [
    role === "admin" ? "Admin" : "Member",
    ...(isOwn ? [] : [isOnline ? "Online" : heard]),
    ...(isOwn || isContact ? [] : ["Not your contact"]),
  ];
  return facts.join(" · ");
}

export function removeQuestion(name: string): string {
  return `${name} gets nothing that is written from now on, and keeps what was said before.`;
}

export function leaveQuestion({ members, size }: GroupView): string {
  const meaning =
    "You get nothing that is written from now on, and cannot write here any more. What was said stays on this device. The others see that you left.";
  const others = members.filter(({ isOwn }) => !isOwn);
  const isLastAdmin = members.some(({ isOwn, role }) => isOwn && role === "admin") && !others.some(isAdmin);
  if (!isLastAdmin || size === 1) return meaning;
  return `${meaning} You are the only admin: nobody can change the group then. Make somebody an admin first if that matters.`;
}

function isAdmin({ role }: MemberView): boolean {
  return role === "admin";
}

export function groupInviteIntroduction(name: string): string {
  return `An invite to ${name}. Whoever opens it becomes your contact and joins the group, as long as you are an admin.`;
}

export function groupInviteExplanation(uses: InviteUses): string {
  return uses === 1
    ? "Whoever opens the link first joins. Anyone else with it sees that it was used."
    : "The first ten people who open the link join. You can withdraw it in Settings.";
}
