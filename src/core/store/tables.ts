/**
 * The tables of the store: one row type each, under the key its comment gives. There is no secondary index: what must be
 * found in another order has a table of its own. Bytes are as they came over the wire, so that they can be passed on unchanged.
 */
import { COURIER_TABLE_NAMES, type CourierTables } from "./courier-tables.ts";
import type { ChainRow, EnvelopeRow, KemRow, KeyPackageRow, SendingRow } from "./key-tables.ts";
import type { AccountId, ConversationId, DeviceId, EntryId, PeerKey, ThreadId } from "../codec/ids.ts";
import type { AcquaintanceRow, GroupChangeRow, GroupRequestRow, OperationRow } from "./group-tables.ts";
import type { BlockedRow, InviteRow, OpeningRow, ReachRow, RequestRow, WayRow } from "./people-tables.ts";

/** The writer's fence: only the instance that claimed the highest number may write. */
export interface FenceRow {
  readonly number: number;
}

/** Who this is. Secrets are 32-byte Ed25519 seeds. */
export interface IdentityRow {
  readonly rootSeed: Uint8Array;
  readonly rootKey: Uint8Array;
  readonly account: AccountId;
  readonly logSeed: Uint8Array;
  readonly logKey: Uint8Array;
  readonly device: DeviceId;
  readonly peerSeed: Uint8Array;
  readonly peerKey: PeerKey;
  readonly name: string;
  /** Number of the signed profile statement; grows with every change of the name. */
  readonly profileNumber: number;
}

export interface DeviceRecord {
  readonly device: DeviceId;
  readonly logKey: Uint8Array;
  readonly peerKey: PeerKey;
  readonly createdAt: number;
  readonly logConsent: Uint8Array;
  readonly peerConsent: Uint8Array;
}

/** The newest device list known of an account, own included. */
export interface DeviceListRow {
  readonly number: number;
  readonly rootKey: Uint8Array;
  readonly devices: readonly DeviceRecord[];
  /** The signed list as encoded by crypto/identity. */
  readonly bytes: Uint8Array;
  /** Devices that earlier lists named and this one does not: they take no part, but what they wrote is theirs. */
  readonly former?: readonly DeviceRecord[];
  /** The last signed list that named one of them. */
  readonly previous?: Uint8Array;
}

export interface ContactRow {
  readonly account: AccountId;
  readonly name: string;
  readonly profileNumber: number;
  readonly privateName: string;
  readonly isConfirmed: boolean;
  /** Where the contact was last known to be reachable, best first. */
  readonly relays: readonly string[];
  readonly createdAt: number;
  readonly lastHeard?: number;
  /** The contact answered that it has no conversation with us: it deleted ours, or never learnt that we were admitted. */
  readonly isLost?: boolean;
  /** When the person said that this is who they think it is. Taken away by a new device. */
  readonly verifiedAt?: number;
  /** What happened to their device list and was not settled yet. Nothing is sent while there is a fork. */
  readonly listChange?: { readonly kind: "new-device" | "fork"; readonly at: number; readonly wasVerified: boolean };
  /** SHA-256 of the other device list of the last fork, as hex: once settled, it is not told again. */
  readonly seenFork?: string;
  /** What its devices last said of how they can be reached. */
  readonly reach?: readonly ReachRow[];
  /** Through what each of them was reached last. */
  readonly ways?: readonly WayRow[];
}

export interface ConversationRow {
  readonly id: ConversationId;
  readonly kind: "direct" | "group";
  readonly thread: ThreadId;
  readonly founder: AccountId;
  readonly members: readonly AccountId[];
  /** Whether the other side is known to have it too. */
  readonly isShared: boolean;
  /** Of a group: its name as its members last agreed. */
  readonly name?: string;
  /** Of a group: the entry that founded it, and its name then. */
  readonly genesis?: { readonly id: EntryId; readonly name: string };
  /** Of a group: accounts that were members and are not. What they wrote stays. */
  readonly former?: readonly AccountId[];
  /** Of a group: who told of it. */
  readonly offeredBy?: AccountId;
  /** Of a group: the person accepted to be added by somebody who is no contact. */
  readonly isAccepted?: boolean;
}

export interface PreviewRow {
  readonly order: string;
  /** Of somebody else's message; absent in rows of before there were groups. */
  readonly author?: AccountId;
  readonly text: string;
  readonly isOwn: boolean;
  readonly at: number;
  readonly kind: "text" | "unsupported" | "broken";
}

export interface ThreadRow {
  readonly id: ThreadId;
  readonly draft: string;
  readonly readUpTo: string;
  readonly unread: number;
  /** Order of the first unread message that arrived above the read mark; "" if there is none. */
  readonly unreadAbove?: string;
  readonly activeAt: number;
  readonly preview?: PreviewRow;
  /** Rows of the timeline that are early copies of messages whose entries are still to come. */
  readonly letters?: number;
}

/** One log: (conversation, device, channel). Height 0 is an empty log. */
export interface LogRow {
  /** The log starts after this seq for us: entries up to it were never asked for. */
  readonly base: number;
  readonly height: number;
  /** Id of the entry at `height`; 64 zeros for an empty log. */
  readonly head: EntryId;
  /** Entries up to this seq were opened: understood, shown, counted. */
  readonly opened: number;
  /** Highest seq whose signature this device verified itself. */
  readonly verified: number;
  /** Hybrid clock and rank of the head, as 16 hex digits. */
  readonly headClock: string;
  readonly headRank: string;
  /** From this seq on others hold another history of this log: its device has signed two. */
  readonly forkedAt?: number;
  /** Own logs only: "device/channel" → seq that the newest own entry already depends on. */
  readonly dependedOn?: Readonly<Record<string, number>>;
}

export interface EntryRow {
  readonly id: EntryId;
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
  readonly body: Uint8Array;
  /** 16 hex digits, set when the entry is opened; "" until then. */
  readonly rank: string;
  /** Set when the entry has a row in the timeline. */
  readonly shownAt?: string;
  /** Of a sealed entry that could be read: 32 random bytes, then the content, as its commitment covers them. */
  readonly opening?: Uint8Array;
}

export interface TimelineRow {
  readonly id: string;
  readonly conversation: ConversationId;
  readonly author: AccountId;
  readonly device: DeviceId;
  /** 0: an early copy of a message that is no entry here yet. */
  readonly seq: number;
  readonly kind: "text" | "unsupported" | "broken" | "change";
  /** Of a change of the group: what it did, and to whom. */
  readonly change?: GroupChangeRow;
  readonly text: string;
  readonly writtenAt: number;
  readonly orderedAt: number;
  readonly isLate: boolean;
}

/** A message that nobody who could take it was connected for. */
export interface OutboxRow {
  readonly id: string;
  readonly text: string;
  readonly writtenAt: number;
  /** Above everything that was shown when it was written, as 16 hex digits. */
  readonly rank?: string;
  /** An early copy of it may have left with a courier: it is not changed any more, and stands where it was written. */
  readonly isLeft?: boolean;
}

export interface LogMark {
  readonly device: DeviceId;
  readonly channel: number;
  readonly height: number;
  /** First 4 bytes of the head's id, as hex. */
  readonly headPrefix: string;
  readonly opened: number;
}

/** The newest signed clock of a device in a conversation. */
export interface ClockRow {
  readonly number: number;
  readonly marks: readonly LogMark[];
  readonly bytes: Uint8Array;
}

/** The newest read statement of a device in a conversation. */
export interface ReadRow {
  readonly number: number;
  readonly marks: readonly { readonly device: DeviceId; readonly seq: number }[];
  /** The statement; empty if none could be made. */
  readonly bytes: Uint8Array;
  /** Missing: it was only signed. `unopened`: what it is sealed with is not here yet, and the marks are those of the one before. */
  readonly seal?: "opened" | "unopened";
}

/** A choice or a fact of this device that is no part of the protocol. */
export type SettingRow = boolean | number | string;

export interface Tables extends CourierTables {
  /** ["fence"] */
  fence: FenceRow;
  /** ["self"] */
  identity: IdentityRow;
  /** [account] */
  devices: DeviceListRow;
  /** [account] */
  contacts: ContactRow;
  /** [invite id] */
  invites: InviteRow;
  /** [account] */
  openings: OpeningRow;
  /** [conversation] */
  conversations: ConversationRow;
  /** [thread] */
  threads: ThreadRow;
  /** [conversation, device, channel] */
  logs: LogRow;
  /** [conversation, device, channel, seq] */
  entries: EntryRow;
  /** [thread, order] */
  timeline: TimelineRow;
  /** [thread, number] */
  outbox: OutboxRow;
  /** [conversation, device] */
  clocks: ClockRow;
  /** [conversation, device] */
  reads: ReadRow;
  /** [conversation, own device, number] */
  kems: KemRow;
  /** [conversation, device] */
  packages: KeyPackageRow;
  /** [conversation, device, epoch] */
  chains: ChainRow;
  /** [conversation, own device] */
  sendings: SendingRow;
  /** [conversation, device, seq of the rekey, recipient's device] */
  envelopes: EnvelopeRow;
  /** [name] */
  settings: SettingRow;
  /** [account] */
  blocked: BlockedRow;
  /** [account] */
  requests: RequestRow;
  /** [conversation, entry id] */
  operations: OperationRow;
  /** [account] */
  acquaintances: AcquaintanceRow;
  /** [conversation] */
  groupRequests: GroupRequestRow;
}

export type TableName = keyof Tables;

export const TABLE_NAMES = [
  "fence",
  "identity",
  "devices",
  "contacts",
  "invites",
  "openings",
  "conversations",
  "threads",
  "logs",
  "entries",
  "timeline",
  "outbox",
  "clocks",
  "reads",
  "kems",
  "packages",
  "chains",
  "sendings",
  "envelopes",
  "settings",
  "blocked",
  "requests",
  "operations",
  "acquaintances",
  "groupRequests",
  ...COURIER_TABLE_NAMES,
] as const satisfies readonly TableName[];
