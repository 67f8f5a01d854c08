/** The words of Settings about storage and notifications, and of what cannot be undone. */
import type { CarriedView, KeptView } from "../../core/views.ts";
import type { NotifyTrouble } from "../../state/notify-choice.ts";
import { formatBytes } from "./size.ts";

export function deleteQuestion(name: string): string {
  return `This deletes every message with ${name} from this device, also what waits, and the contact. ${name} keeps their copy. To write again, you need a new invite.`;
}

export const ERASE_QUESTION =
  "This deletes your profile, contacts and messages from this browser for good. There is no other copy, and your contacts will not recognise you again.";

export const CLOSED_APP =
  "Kith can tell you of messages while it is open, also in a background tab. Closed, it receives nothing: messages wait on your contacts’ devices until you open it.";

export const CARRYING =
  "When one contact writes to another who is away, this device can keep the message, sealed, and hand it over: at most 20 parcels and 2 MB. It cannot open them.";

export function carriedWords({ parcels, bytes }: CarriedView): string {
  if (parcels === 0) return "Nothing";
  return `${parcels === 1 ? "1 parcel" : `${parcels} parcels`}, ${formatBytes(bytes)}`;
}

/** How much of the storage is there for others, and what that is. */
export function forOthersWords(
  carried: CarriedView,
  kept: KeptView,
): { readonly amount: string; readonly meaning: string } {
  const sum = carried.bytes + kept.bytes;
  if (sum === 0) return { amount: "Nothing", meaning: "Nobody has to wait for something that only this device keeps." };
  const parts = [
    ...(carried.parcels === 0 ? [] : [`${carriedWords(carried)}, sealed, for contacts who are away`]),
    ...(kept.messages === 0 ? [] : [`${messagesWords(kept)} of groups that not all members have yet`]),
  ];
  const amount = formatBytes(sum);
  return {
    amount: kept.isMore ? `More than ${amount}` : amount,
    meaning: `${parts.join("; ")}. When this device runs full, it takes nothing more for others long before it refuses messages of yours.`,
  };
}

function messagesWords({ messages, bytes, isMore }: KeptView): string {
  const count = messages === 1 ? "1 message" : `${messages} messages`;
  return `${isMore ? "more than " : ""}${count}, ${formatBytes(bytes)},`;
}

export function keptWords(isPersisted: boolean): string {
  return isPersisted
    ? "The browser promised to keep it."
    : "The browser did not promise to keep it: it may clear it when space runs low. Using Kith often, or adding it to the home screen, makes that less likely.";
}

export const NOT_PROMISED = "It did not promise. Add Kith to the home screen or your bookmarks, then ask again.";

export function notifyTroubleWords(trouble: NotifyTrouble): string {
  switch (trouble) {
    case "denied":
      return "The browser blocks notifications of this page. Allow them in its settings for this site (the sign beside the address), then switch this on.";
    case "unsupported":
      return "This browser has no notifications for web pages. On an iPhone or iPad, add Kith to the home screen and open it there.";
    case "not-answered":
      return "The browser was not allowed to notify you. Switch this on again to be asked once more.";
  }
}
