/** What sync asks of the layers above: it moves opaque signed entries and statements and knows no key, no member and no text. */
import type { ConversationId, DeviceId, EntryId, PeerKey } from "../codec/ids.ts";
import type { Release } from "../codec/release.ts";
import type { EntryParts } from "../log/entry.ts";
import type { LogState, PassedPiece } from "../log/log-state.ts";
import type { Missing, ServedEntry } from "../log/serve.ts";
import type { Cost } from "./allowance.ts";
import type { Frame } from "./frames.ts";
import type { Greet } from "./payloads.ts";
import type { PeerLink } from "./peer-link.ts";
import type { StatementNumber } from "./statement-numbers.ts";

export type Acceptance =
  /** Stored (or held already); `heights` has the highest seq received of each log, by log name. */
  | {
      readonly kind: "accepted";
      readonly heights: ReadonlyMap<string, number>;
      readonly cost: Cost;
      /** What could not be taken now. */
      readonly passedOver: readonly PassedPiece[];
    }
  /** Nothing more of this conversation with this peer for now: the histories do not link. */
  | { readonly kind: "stop" }
  /** The peer sent what no honest one sends. */
  | { readonly kind: "misbehaved" };

/** The newest signed statements of all devices that a peer should have: clocks and read positions. */
export interface HeldStatements {
  readonly all: readonly { readonly type: number; readonly bytes: Uint8Array }[];
  /** Equal on two sides that hold the same ones; 8 bytes. */
  readonly digest: Uint8Array;
}

export interface SyncHost {
  readonly ownPeer: PeerKey;
  random(length: number): Uint8Array;
  mac(key: Uint8Array, bytes: Uint8Array): Uint8Array;
  equalMacs(a: Uint8Array, b: Uint8Array): boolean;
  digest(logs: ReadonlyMap<string, LogState>): Uint8Array;
  ownRelays(): readonly string[];
  /** Which build runs here; undefined where that is not known: then nothing is told. Never rejects. */
  ownRelease(): Promise<Release | undefined>;

  /** Both greetings are exchanged. `contact`: sessions may begin. `guest`: only guest frames, until `Sync.admit`. */
  onGreeted(link: PeerLink, own: Greet, remote: Greet): Promise<"contact" | "guest">;
  /** A frame of first contact (claim to refusal), from contacts and guests alike. */
  onGuestFrame(link: PeerLink, frame: Frame): Promise<void>;
  /** Which build a contact's device runs, as it says: at most once on a link. */
  onRelease(peer: PeerKey, release: Release): void;
  /** The peer behind this link is a contact from now on. */
  onContact(link: PeerLink): void;
  /** A contact carries, has something carried, or tells how it can be reached. Resolves with what it cost. */
  onContactFrame(link: PeerLink, frame: Frame): Promise<Cost>;
  /** A contact has read the code on this screen. */
  onCodeRead(link: PeerLink, frame: Frame): void;
  /** Something arrived from this peer. */
  onHeard(peer: PeerKey): void;
  onLinkClosed(link: PeerLink, fault: Error | undefined): void;

  /** Conversations shared with the account this peer belongs to. */
  conversationsWith(peer: PeerKey): readonly ConversationId[];
  /** Whose allowance this peer uses up: that of its account, however many devices it has. */
  payerFor(peer: PeerKey): string;
  isOwnDevice(device: DeviceId): boolean;
  /** Whether entries of this device may belong to the conversation, as far as is known now. */
  mayHold(conversation: ConversationId, device: DeviceId): boolean;
  readLogs(conversation: ConversationId): Promise<ReadonlyMap<string, LogState>>;
  /** What comes next for this peer in causal order: batches of about `batchBytes` of entries, as many as are read together. None is empty. */
  readBatches(
    conversation: ConversationId,
    missing: readonly Missing[],
    batchBytes: number,
    peer: PeerKey,
  ): Promise<readonly (readonly ServedEntry[])[]>;
  /** The device that takes part behind this peer: what was sealed to it is sent along. */
  deviceOfPeer(peer: PeerKey): DeviceId | undefined;
  entryIdOf(parts: EntryParts): EntryId;
  /**
   * Verifies and stores entries with the envelopes that came before them; resolves after the commit. Rejects when the store fails:
   * nothing was stored then.
   */
  accept(
    conversation: ConversationId,
    batch: readonly EntryParts[],
    envelopes: ReadonlyMap<EntryId, Uint8Array>,
    peer: PeerKey,
  ): Promise<Acceptance>;
  /** Entries are being sent to this peer: what it is to carry for others follows. */
  onSent(conversation: ConversationId, peer: PeerKey, entries: readonly ServedEntry[]): void;
  /** In a group: which device lists of members are held, for a member. */
  deviceListsHeld(conversation: ConversationId, peer: PeerKey): Uint8Array | undefined;
  /** Envelopes and device lists, told or asked for by a member. Resolves with what it cost. @throws DecodeError */
  onMemberFrame(conversation: ConversationId, peer: PeerKey, frame: Frame): Promise<Cost>;
  /** The opening of a message that was asked for. False when it is malformed. */
  onResendAnswer(conversation: ConversationId, payload: Uint8Array): Promise<boolean>;
  statements(conversation: ConversationId): HeldStatements;
  /**
   * Equal where the same are held, 8 bytes: for a group with those who take numbers, where all that they say is too much to read. `withLists`:
   * and the same device lists of members.
   */
  digestOfNumbers(conversation: ConversationId, withLists: boolean): Uint8Array;
  /** False when the statement is malformed or not signed as it says. */
  onStatement(conversation: ConversationId, type: number, bytes: Uint8Array): Promise<boolean>;
  /** Of a group: statements of every device that may state something, by name (`statementName`); number 0 where nothing is held. */
  statementNumbers(conversation: ConversationId): ReadonlyMap<string, StatementNumber>;
  /** The number of one of them; undefined for somebody who is not known to be a member. */
  statementNumber(conversation: ConversationId, of: Pick<StatementNumber, "kind" | "device">): number | undefined;
  /** A held statement as a frame for who holds the one of that number, or none if it is 0. */
  statementSince(
    conversation: ConversationId,
    of: Pick<StatementNumber, "kind" | "device">,
    number: number,
  ): HeldStatements["all"][number] | undefined;
  /**
   * What changed in a clock. `lacking` is the number of the held one where that is not what changed: more is needed. Invalid when it is
   * malformed.
   */
  onClockChange(
    conversation: ConversationId,
    bytes: Uint8Array,
  ): Promise<{ readonly device: DeviceId; readonly number: number; readonly lacking?: number } | "invalid">;
  /** The peer says that it does not have this conversation. */
  onUnknown(link: PeerLink, conversation: ConversationId): void;
  /** Somebody, perhaps a stranger, tells of a group. @throws DecodeError */
  onGroupOffer(link: PeerLink, frame: Frame): Promise<void>;
  /** Whether who belongs to the conversation may change. */
  isGroup(conversation: ConversationId): boolean;
  membersIn(conversation: ConversationId): number;
  /** Whether entries of this log would be taken from this peer now. */
  couldTake(conversation: ConversationId, peer: PeerKey, device: DeviceId, channel: number): boolean;
  /** Whether messages of this conversation are for this peer: it is of a member now. */
  mayTake(conversation: ConversationId, peer: PeerKey): boolean;
  /** Histories were compared and control logs are level: this peer can take what waits. Also told when a session is level again. */
  onReady(conversation: ConversationId, peer: PeerKey): void;
}
