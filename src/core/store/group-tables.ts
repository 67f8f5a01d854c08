/** Rows about groups. Their keys are in tables.ts. */
import type { AccountId, ConversationId, DeviceId, PeerKey } from "../codec/ids.ts";

/** A change of a group's membership, as its author signed it; whether it holds follows from all of them. */
export interface OperationRow {
  readonly author: AccountId;
  readonly device: DeviceId;
  readonly body: Uint8Array;
  /** Of one that is in no log here, because its device has signed two histories: what proves it. */
  readonly proof?: { readonly header: Uint8Array; readonly signature: Uint8Array };
}

/** Somebody of a common group who is no contact. */
export interface AcquaintanceRow {
  readonly account: AccountId;
  /** As the one who added them knew it, until they told themselves. */
  readonly name: string;
  readonly profileNumber: number;
  readonly relays: readonly string[];
  readonly lastHeard?: number;
  /** They signed two device lists of one number. */
  readonly hasFork?: boolean;
}

/** Somebody who is no contact added this account to a group: nothing of the group is here until the person accepts. */
export interface GroupRequestRow {
  readonly conversation: ConversationId;
  /** Of the group, as it was founded. */
  readonly groupName: string;
  /** Who adds; their name is their own choice. */
  readonly account: AccountId;
  readonly name: string;
  /** Of who adds, as far as known: to be refused once blocked. */
  readonly peers: readonly PeerKey[];
  /** Who told of it, where their devices are not known otherwise: how they were introduced, and where they are reached. */
  readonly from: AccountId;
  readonly introduction: Uint8Array;
  readonly relays: readonly string[];
  /** The offer as it came. Empty once deleted. */
  readonly offer: Uint8Array;
  readonly askedAt: number;
  /** Deleted by the person: kept without its content for a while, so that asking again brings nothing back. */
  readonly isDeleted: boolean;
}

export interface GroupChangeRow {
  readonly kind:
    "created" | "added" | "removed" | "left" | "promoted" | "demoted" | "renamed" | "pictured" | "disputed";
  readonly subject?: AccountId;
  readonly name?: string;
}
