/**
 * Rows about people on their way in or out (invites, what was opened, who asks, who is blocked), and what a contact's row says of how its
 * devices are reached. Their keys are in tables.ts.
 */
import type { AccountId, ConversationId, DeviceId, InviteId, PeerKey } from "../codec/ids.ts";

/** The newest reach card of a contact's device. */
export interface ReachRow {
  readonly device: DeviceId;
  readonly number: number;
  readonly helps: boolean;
  readonly relays: readonly string[];
  /** Marks, 32 hex digits each. */
  readonly helpers: readonly string[];
  /** Those of earlier cards, the newest first, that are not on this one. */
  readonly earlier?: readonly string[];
}

/** What led to a contact's device last, before the direct link: a relay's multiaddr, or the peer key of a device that helped. */
export interface WayRow {
  readonly device: DeviceId;
  readonly relay?: string;
  readonly helper?: PeerKey;
  readonly at: number;
}

/** Somebody who is not listened to. Apart from the contact, so that a block outlives the conversation. */
export interface BlockedRow {
  readonly account: AccountId;
  /** As shown when they were blocked. */
  readonly name: string;
  /** Every peer key they were seen with. */
  readonly peers: readonly PeerKey[];
  readonly blockedAt: number;
}

/** Somebody without a valid invite who asks to be let in. */
export interface RequestRow {
  readonly account: AccountId;
  readonly name: string;
  readonly peer: PeerKey;
  readonly relays: readonly string[];
  /** The request as it came: bundle and genesis. Empty once deleted. */
  readonly payload: Uint8Array;
  readonly askedAt: number;
  /** Deleted by the person: kept without its content for a while, so that asking again brings nothing back. */
  readonly isDeleted: boolean;
}

/** An own invite. Kept for a while after its end, to be able to say why it does not work. */
export interface InviteRow {
  readonly id: InviteId;
  readonly secret: Uint8Array;
  /** The encoded invite. */
  readonly bytes: Uint8Array;
  readonly uses: 1 | 10;
  readonly usedBy: readonly AccountId[];
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly isWithdrawn: boolean;
  /** Who comes by it is added to this group. */
  readonly group?: ConversationId;
}

/** Somebody else's invite that was accepted here and not yet proven to them. */
export interface OpeningRow {
  readonly account: AccountId;
  readonly peer: PeerKey;
  readonly secret: Uint8Array;
  readonly expiresAt: number;
  readonly relays: readonly string[];
  /** The conversation founded for it. */
  readonly conversation: ConversationId;
  readonly trouble?: "used" | "withdrawn" | "expired" | "unknown";
  /** After a refusal: being let in was asked for, waits for the inviter's decision, or was not taken. */
  readonly request?: "asking" | "waiting" | "not-taken";
  /** There was no invite: a member of a common group is asked to become a contact. `trouble` is set, so that nothing is claimed. */
  readonly isWish?: boolean;
}
