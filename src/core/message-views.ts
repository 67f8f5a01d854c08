/** Messages as shown, and how far own ones came. Plain data, see views.ts. */
import type { AccountId } from "./codec/ids.ts";
import type { GroupChangeView } from "./group-views.ts";

/**
 * A message as shown. Rows are in display order by `order` (compare as strings). `id` never changes, also not when a waiting
 * message becomes an entry; `order` does at that moment.
 */
export interface MessageView {
  readonly id: string;
  readonly order: string;
  readonly author: AccountId;
  /** The author's shown name; "" for own messages. */
  readonly authorName: string;
  readonly isOwn: boolean;
  /** `broken`: its author broke the rules, nobody can read it. */
  readonly kind: "text" | "unsupported" | "broken" | "change";
  /** Of a change of the group: a line between messages, of no author. */
  readonly change?: GroupChangeView;
  readonly text: string;
  /** When the author wrote it, milliseconds since 1970, clamped to the present if their clock is ahead. */
  readonly writtenAt: number;
  /** When it took its place in the order, clamped likewise. Day separators go by this one; it does not run backwards by more than clocks differ. */
  readonly orderedAt: number;
  /** It arrived after messages that stand below it were already here. */
  readonly isLate: boolean;
  /** Still in the outbox: may be edited and cancelled, unless there are `carriers`. */
  readonly isPending: boolean;
  /** Of what waits: an early copy of it may have left, with those of these shown names. */
  readonly carriers?: readonly string[];
  /** Told again, of a message that was here as an early copy: nothing to call the person for. */
  readonly isKnown?: boolean;
  /** Own entries: where the receipts count it. */
  readonly log?: string;
  readonly seq?: number;
}

/** How far one other member has come in an own log: the highest seq that they have opened, and read. */
export interface RecipientMark {
  /** Messages up to this one are older than their membership. */
  readonly after: number;
  readonly delivered: number;
  readonly read: number;
  /** Who keeps parcels for them, and up to which message. */
  readonly carried?: readonly CarriedMark[];
}

export interface CarriedMark {
  /** Shown name. */
  readonly name: string;
  readonly upTo: number;
}

/** Per own log: one mark for each other member. */
export type ReceiptsView = Readonly<Record<string, readonly RecipientMark[]>>;

/** `carried by 2`: so many keep it, and nobody it is for has it; `2 of 5`: delivered to so many of those it is for, and not to all yet. */
export type DeliveryState = "waiting" | `carried by ${number}` | `${number} of ${number}` | "delivered" | "read";

/** The one state of an own message. */
export function deliveryState(message: MessageView, receipts: ReceiptsView): DeliveryState {
  const { log = "", seq = 0 } = message;
  const marks = message.isPending ? [] : (receipts[log] ?? []).filter(({ after }) => seq > after);
  const delivered = marks.filter((mark) => seq <= mark.delivered).length;
  if (delivered === 0) {
    const carriers = carriersOf(message, receipts).length;
    return carriers === 0 ? "waiting" : `carried by ${carriers}`;
  }
  if (delivered < marks.length) return `${delivered} of ${marks.length}`;
  return marks.every((mark) => seq <= mark.read) ? "read" : "delivered";
}

/** Shown names of those who keep an own message for somebody who does not have it yet. */
export function carriersOf({ log = "", seq, carriers = [] }: MessageView, receipts: ReceiptsView): readonly string[] {
  if (seq === undefined) return carriers;
  return (receipts[log] ?? []).flatMap(({ carried = [] }) =>
    carried.filter(({ upTo }) => seq <= upTo).map(({ name }) => name),
  );
}

export interface MessagesPage {
  /** In display order. Waiting messages stand at the end of the newest page. */
  readonly messages: readonly MessageView[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly receipts: ReceiptsView;
  /** `order` of the last message that was read here; "" if none. The first other-authored message after it is the first unread. */
  readonly readUpTo: string;
}

/** Which messages to load: the newest, those around the first unread, or those on one side of an `order` (excluded). */
export type PageQuery =
  | { readonly at: "newest"; readonly limit: number }
  | { readonly at: "unread"; readonly limit: number }
  | { readonly at: "before"; readonly order: string; readonly limit: number }
  | { readonly at: "after"; readonly order: string; readonly limit: number };
