/** Words about invites. */
import type { InviteDays, InviteUses, InviteView } from "../../core/views.ts";
import type { BadInvite } from "../../state/invite-arrival.ts";
import { formatDate } from "./time.ts";

export function badInviteWords(bad: BadInvite): string {
  switch (bad) {
    case "incomplete":
      return "This invite is incomplete. Copy the whole link and open it again.";
    case "expired":
      return "This invite has expired. Ask for a new one.";
    case "withdrawn":
      return "This invite was withdrawn. Ask for a new one.";
    case "used":
      return "This invite was already used. Ask for a new one.";
    case "own":
      return "This invite is your own. Send it to somebody else.";
    case "newer":
      return "This invite is from a newer Kith. Reload this page to update Kith, then open the invite again.";
    case "unknown":
      return "This invite is not known to the person who sent it any more. Ask for a new one.";
  }
}

export function usesWords(uses: InviteUses): string {
  return uses === 1 ? "Once" : "10 times";
}

export function daysWords(days: InviteDays): string {
  return days === 1 ? "1 day" : `${days} days`;
}

export function inviteExplanation(uses: InviteUses): string {
  return uses === 1
    ? "Whoever opens the link first can write to you. Anyone else with it sees that it was used."
    : "The first ten people who open the link can write to you. You can withdraw it in Settings.";
}

export function openInviteWords(invite: InviteView): { readonly title: string; readonly detail: string } {
  const title = invite.uses === 1 ? "Can be used once" : `Can be used ${invite.usesLeft} more times`;
  return { title, detail: `Made ${formatDate(invite.createdAt)}, valid until ${formatDate(invite.expiresAt)}` };
}
