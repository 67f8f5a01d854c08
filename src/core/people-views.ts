/** What the messenger hands out about people, and what can be decided about them. Part of views.ts; the same rules hold. */
import type { AccountId, ThreadId } from "./codec/ids.ts";

/** Somebody who is not listened to. */
export interface BlockedView {
  readonly account: AccountId;
  readonly name: string;
  readonly blockedAt: number;
}

/** By whom, or to which group, the request is about. */
export type RequestId = AccountId | ThreadId;

/**
 * Somebody without a valid invite who asks to be let in, or who added this account to a group and is no contact. They learn nothing
 * before the decision but, of the former, that they wait.
 */
export interface RequestView {
  readonly id: RequestId;
  readonly account: AccountId;
  readonly name: string;
  /** Four characters that tell people of one name apart. */
  readonly tag: string;
  readonly askedAt: number;
  /** The shown name of the group that they added this account to. */
  readonly group?: string;
}

/** The code to be read off this screen. */
export interface ShownCode {
  /** What the QR code says. Never a link. */
  readonly text: string;
  /** Show another after this many milliseconds. */
  readonly newInMs: number;
}

/** What a code was that was read off another screen. */
export type CodeReading =
  /** It is the contact's, for this account. `isTold`: their device was told, so that its owner can confirm too. */
  | { readonly kind: "matches"; readonly isTold: boolean }
  /** Not a code of Kith, or damaged. */
  | { readonly kind: "no-code" }
  /** The code of this device. */
  | { readonly kind: "own" }
  /** A code of another account: who shows it is not this contact. */
  | { readonly kind: "somebody-else" }
  /** The contact's, but shown to somebody else. */
  | { readonly kind: "not-for-you" };

/** What happened to a contact's device list and was not settled yet. */
export interface ListChange {
  /** They have a device more; or two lists of one number exist, and nothing is sent until the person decides. */
  readonly kind: "new-device" | "fork";
  readonly at: number;
  readonly wasVerified: boolean;
}

/** Commands about people. Each resolves after its transaction committed. */
export interface People {
  /**
   * Blocks the contact of this conversation: links end, none is accepted from any device of theirs, nothing of theirs is stored or
   * acknowledged, and they see this device as away. The conversation stays.
   */
  block(thread: ThreadId): Promise<void>;
  unblock(account: AccountId): Promise<void>;
  /** Newest first. */
  blocked(): readonly BlockedView[];

  /** Newest first. */
  requests(): readonly RequestView[];
  /** Asks a member of a common group to become a contact, and opens the conversation with them. Undefined for anybody else. */
  befriend(account: AccountId): Promise<ThreadId | undefined>;
  /** They become a contact; or the group is joined, once one of its members is met. Undefined if the request is gone. */
  acceptRequest(id: RequestId): Promise<ThreadId | undefined>;
  /** They are not told, and asking again within a week shows nothing. */
  deleteRequest(id: RequestId): Promise<void>;
  blockRequest(id: RequestId): Promise<void>;

  /** 60 digits, equal on both sides. Undefined if there is no such conversation. */
  safetyNumber(thread: ThreadId): string | undefined;
  /** The person compared the number, or read the code and confirmed; or takes that back. */
  setVerified(thread: ThreadId, isVerified: boolean): Promise<void>;
  /** A new code for this contact; it can be used once. Undefined if there is no such conversation. */
  showCode(thread: ThreadId): ShownCode | undefined;
  /** The code is on the screen no more. */
  hideCode(thread: ThreadId): void;
  readCode(thread: ThreadId, text: string): CodeReading;
  /** The person was told of the list's change and goes on with this contact. */
  settleListChange(thread: ThreadId): Promise<void>;
}

export type PeopleEvent =
  /** Somebody was blocked or unblocked. */
  | { readonly type: "blocked"; readonly blocked: readonly BlockedView[] }
  /** A request came or was dealt with. */
  | { readonly type: "requests"; readonly requests: readonly RequestView[] }
  /** The contact's app has read the code on this screen. */
  | { readonly type: "code-read"; readonly thread: ThreadId };
