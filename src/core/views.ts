/**
 * What the messenger hands out: plain structured-cloneable data, so that core can live in a worker. No class, no function, no bytes
 * that a screen would have to decode. Names and texts come from other people: show them as text only, names through `safeName`.
 */
import type { AccountId, InviteId, ThreadId } from "./codec/ids.ts";
import type { Release } from "./codec/release.ts";
import type { Backups } from "./backup-views.ts";
import type { Groups, GroupView } from "./group-views.ts";
import type { Holdings } from "./holding-views.ts";
import type { MessagesPage, MessageView, PageQuery, ReceiptsView } from "./message-views.ts";
import type { Pairing } from "./pairing-views.ts";
import type { ListChange, People, PeopleEvent } from "./people-views.ts";
import type { HelpsNow, RelayingView } from "./relaying-views.ts";
import type { Path, Reachability, RelayStatus } from "./transport/transport.ts";

export interface ProfileView {
  readonly account: AccountId;
  readonly name: string;
}

export interface NetworkView {
  readonly reachability: Reachability;
  readonly relays: readonly RelayStatus[];
  /** Absent until the store was read. */
  readonly relaying?: RelayingView;
}

/** What was chosen on this device. */
export interface SettingsView {
  /** Notify of messages while the page is hidden. */
  readonly notifies: boolean;
  /** Notifications show the text of the message, not only who wrote. */
  readonly showsText: boolean;
  /** When the browser was last asked to keep the storage, milliseconds since 1970; 0: never. */
  readonly persistAskedAt: number;
  /** A protected device locks when it was not used for so many minutes; 0: never. */
  readonly lockAfterMinutes: number;
  /** Whose parcels this device keeps. */
  readonly carriesFor: "nobody" | "contacts";
  /** For whom this device relays; "by-device": contacts, but on a phone nobody; "anyone": for members of common groups, too. */
  readonly relaysFor: "by-device" | HelpsNow;
  /** Whether members of common groups who are no contacts may be asked to relay for this device. */
  readonly asksMembers: boolean;
  /** A day, over this device's line, in plus out. */
  readonly relayLimitMb: number;
  /** When the person was told that this device helps others, or chose for whom, milliseconds since 1970; 0: never. */
  readonly relayingNotedAt: number;
  /** When the offer to protect this device was put off, milliseconds since 1970; 0: never. */
  readonly protectionPutOffAt: number;
}

/** What is kept here for others. */
export interface CarriedView {
  readonly parcels: number;
  readonly bytes: number;
}

/** Why a conversation's invite did not lead to the inviter. Told only by the inviter's device (or by the clock). */
export type InviteTrouble = "used" | "withdrawn" | "expired" | "unknown";

export interface ContactView {
  readonly account: AccountId;
  /** The name the contact chose. */
  readonly name: string;
  /** A private name given on this device; shown instead when not empty. */
  readonly privateName: string;
  /** Whether the invite was proven: until then only we know of this contact. */
  readonly isConfirmed: boolean;
  /** Not listened to, and seen as away. */
  readonly isBlocked: boolean;
  /** The person said that this is who they think it is, and no device was added since. */
  readonly isVerified: boolean;
  readonly listChange?: ListChange;
}

export interface PreviewView {
  readonly text: string;
  readonly isOwn: boolean;
  /** In a group: who wrote it, as shown; absent for own messages. */
  readonly authorName?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly kind: MessageView["kind"];
}

/** One row of the conversation list and the head of its screen. */
export type ThreadView = DirectThreadView | GroupThreadView;

export interface DirectThreadView extends ThreadViewBase {
  readonly kind: "direct";
  readonly contact: ContactView;
}

export interface GroupThreadView extends ThreadViewBase {
  readonly kind: "group";
  readonly group: GroupView;
  /** Another one for every other picture; absent where there is none. */
  readonly picture?: string;
}

interface ThreadViewBase {
  readonly id: ThreadId;
  /** Shown name: the private name, else the contact's own; control and bidi characters already neutralised; never empty. */
  readonly name: string;
  /** Four characters that tell contacts of one shown name apart; only there when another contact has the same shown name. */
  readonly tag?: string;
  /** Of a group: the best among the members. */
  readonly path: Path;
  /** Through another device: the shown name of whose. */
  readonly helper?: string;
  /** …and where that is no contact, the shown name of a group that both are in. */
  readonly helperGroup?: string;
  /** When a byte of this contact last arrived, milliseconds since 1970; undefined if never. */
  readonly lastHeard?: number;
  readonly preview?: PreviewView;
  readonly unread: number;
  /** Own messages not yet delivered. */
  readonly waiting: number;
  /** For the order of the list, newest first. */
  readonly activeAt: number;
  readonly draft: string;
  readonly inviteTrouble?: InviteTrouble;
  /** A device of this contact runs this version of Kith with other code, as it says: somebody was served a changed copy. */
  readonly differingCopy?: Release;
  /** After such a trouble, or where no invite led here but a common group: the other is asked to let us in, has the request, or took none. */
  readonly request?: "asking" | "waiting" | "not-taken";
}

export type InviteUses = 1 | 10;
export type InviteDays = 1 | 7 | 30;

export interface InviteView {
  readonly id: InviteId;
  /** The full link, `<app url>#i/<base64url>`. */
  readonly link: string;
  readonly uses: InviteUses;
  readonly usesLeft: number;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What a pasted or opened invite is. Nothing was dialled to find out. */
export type InviteReading =
  | { readonly kind: "valid"; readonly inviterName: string; readonly invite: string }
  /** The inviter is a contact already: open that conversation. */
  | { readonly kind: "known"; readonly thread: ThreadId }
  | { readonly kind: "incomplete" | "expired" | "own" | "newer" };

export type SendResult =
  | { readonly kind: "sent"; readonly id: string }
  | { readonly kind: "empty" }
  | { readonly kind: "too-long"; readonly bytes: number; readonly limit: number }
  /** The disk is full; nothing was stored. */
  | { readonly kind: "full" }
  | { readonly kind: "failed" };

/** `gone`: it left (or was cancelled) before the change could be made. */
export type PendingChange =
  { readonly kind: "done" } | { readonly kind: "gone" } | Exclude<SendResult, { kind: "sent" }>;

/** Another tab took over; a newer Kith opened the store in another tab; or the browser closed it, because the disk is full for one. */
export type StopReason = "taken-over" | "updated" | "store-closed";

export type MessengerEvent =
  | PeopleEvent
  | { readonly type: "profile"; readonly profile: ProfileView }
  | { readonly type: "network"; readonly network: NetworkView }
  /** A thread is new or anything in its row changed. */
  | { readonly type: "thread"; readonly thread: ThreadView }
  /** Messages of a thread were added, changed (same id) or removed. In no particular order. */
  | {
      readonly type: "messages";
      readonly thread: ThreadId;
      readonly upserts: readonly MessageView[];
      readonly removed: readonly string[];
    }
  /** The conversation was deleted on this device. */
  | { readonly type: "thread-removed"; readonly thread: ThreadId }
  | { readonly type: "settings"; readonly settings: SettingsView }
  | { readonly type: "receipts"; readonly thread: ThreadId; readonly receipts: ReceiptsView }
  | { readonly type: "invites"; readonly invites: readonly InviteView[] }
  /** Somebody accepted this own invite and is a contact now. */
  | { readonly type: "invite-accepted"; readonly invite: InviteId; readonly thread: ThreadId }
  /** This instance may write no more. Nothing further follows. */
  | { readonly type: "stopped"; readonly reason: StopReason }
  /** Writing to the disk failed; what could not be stored was not acknowledged and will come again. */
  | { readonly type: "store-trouble"; readonly trouble: "full" | "failed" };

/** The façade of core: commands in, events out. Every command resolves after its transaction committed. */
export interface Messenger {
  /** Claims the store (fence) and reads who this is. Undefined before `register`. Call once, while holding the tab lock. */
  open(): Promise<ProfileView | undefined>;
  /** Makes account and device. The name is trimmed and cut to 32 bytes of UTF-8; it must not be empty. */
  register(name: string): Promise<ProfileView>;
  /** Starts the network. Requires a profile. */
  connect(): Promise<void>;
  /** Stops the network and closes the store. Idempotent. */
  stop(): Promise<void>;
  subscribe(listener: (event: MessengerEvent) => void): () => void;

  setName(name: string): Promise<ProfileView>;
  network(): NetworkView;
  /** The page came back or the network changed. */
  wake(): void;
  setOnline(isOnline: boolean): void;

  createInvite(options: { readonly uses: InviteUses; readonly days: InviteDays }): Promise<InviteView>;
  /** Own invites that can still be used. */
  openInvites(): Promise<readonly InviteView[]>;
  withdrawInvite(id: InviteId): Promise<void>;
  /** Reads an invite link, fragment or bare payload, without touching the network. */
  readInvite(text: string): Promise<InviteReading>;
  /** Accepts: the conversation is there at once, also while the inviter is away. Requires a profile. */
  acceptInvite(
    text: string,
  ): Promise<
    | { readonly kind: "accepted" | "known"; readonly thread: ThreadId }
    | Exclude<InviteReading, { kind: "valid" | "known" }>
  >;

  threads(): Promise<readonly ThreadView[]>;
  messages(thread: ThreadId, query: PageQuery): Promise<MessagesPage>;
  /** Stores the message durably; the composer may clear when this resolves with "sent". */
  send(thread: ThreadId, text: string): Promise<SendResult>;
  editPending(thread: ThreadId, message: string, text: string): Promise<PendingChange>;
  cancelPending(thread: ThreadId, message: string): Promise<PendingChange>;
  saveDraft(thread: ThreadId, text: string): Promise<void>;
  /** Everything up to and including this `order` was on screen and seen. */
  markRead(thread: ThreadId, order: string): Promise<void>;
  /** A private name for the contact; "" removes it. */
  renameContact(thread: ThreadId, privateName: string): Promise<void>;
  /**
   * Takes a conversation off this device with everything in it, and the contact with it: nobody of it is looked for any more, and what
   * they still send is neither stored nor acknowledged. A new invite, of either side, brings them back.
   */
  deleteConversation(thread: ThreadId): Promise<void>;

  /** Decisions about people. */
  readonly people: People;

  readonly groups: Groups;
  readonly backups: Backups;
  readonly pairing: Pairing;
  readonly holdings: Holdings;

  settings(): Promise<SettingsView>;
  changeSettings(change: Partial<SettingsView>): Promise<void>;
  /** What is kept here for others now. */
  carried(): CarriedView;
}

export {
  MAX_BACKUP_BYTES,
  MAX_GROUP_NAME_BYTES,
  MAX_NAME_BYTES,
  MAX_PICTURE_BYTES,
  MAX_TEXT_BYTES,
} from "./codec/limits.ts";
export type { AccountId, InviteId, ThreadId } from "./codec/ids.ts";
export type { Release } from "./codec/release.ts";
export type { Backups, RestoreResult } from "./backup-views.ts";
export type {
  GroupChangeView,
  GroupCreation,
  GroupOutcome,
  GroupRole,
  Groups,
  GroupView,
  MemberView,
  PictureView,
} from "./group-views.ts";
export type { Holdings, KeptView, MissingView } from "./holding-views.ts";
export { carriersOf, deliveryState } from "./message-views.ts";
export type {
  CarriedMark,
  DeliveryState,
  MessagesPage,
  MessageView,
  PageQuery,
  ReceiptsView,
  RecipientMark,
} from "./message-views.ts";
export type { PairAnswerView, Paired, PairFailure, Pairing, PairOfferView, PairTrouble } from "./pairing-views.ts";
export type {
  BlockedView,
  CodeReading,
  ListChange,
  People,
  RequestId,
  RequestView,
  ShownCode,
} from "./people-views.ts";
export type { Path, Reachability, RelayStatus } from "./transport/transport.ts";
export type { HelpsNow, MemberHelperView, RelayingView } from "./relaying-views.ts";
