/**
 * The body of a control entry of kind `member` (PROTOCOL, Membership): one change of a group, and the operations that its author knew.
 * What an operation has seen stands in it, so that who may do what follows from the operations alone.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, bytesToText, hexToBytes, textToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import { MAX_BODY_BYTES } from "../codec/entry.ts";
import { MAX_GROUP_NAME_BYTES, MAX_PICTURE_BYTES } from "../codec/limits.ts";
import type { AccountId, DeviceId, EntryId } from "../codec/ids.ts";
import { groupNameFromBytes, groupNameToBytes } from "./group-name.ts";

const OPERATION_VERSION = 1;
export const MAX_PARENTS = 32;
const MAX_STARTS = 256;
const MAX_RELAYS = 2;
const MAX_RELAY_BYTES = 255;

const CHANGE_TYPE = { add: 1, remove: 2, role: 3, leave: 4, rename: 5, picture: 128 } as const;
/** Types from here on say what a group is like, and nothing of who is in it: one that is not known freezes nothing. */
export const FIRST_DESCRIBING_TYPE = 128;
const KNOWN_TYPES: ReadonlySet<number> = new Set(Object.values(CHANGE_TYPE));

export type Role = "admin" | "member";
const ROLE_CODES: readonly Role[] = ["member", "admin"];

/** The last entry of a message log that is older than a newcomer: their history begins with the next one, which links to it. */
export interface LogStart {
  readonly device: DeviceId;
  /** From 1. */
  readonly seq: number;
  readonly id: EntryId;
}

export interface AddChange {
  readonly kind: "add";
  readonly account: AccountId;
  /** The account's bundle, not looked into here. */
  readonly bundle: Uint8Array;
  /** Where the account can be reached: at most 2 multiaddrs of at most 255 bytes. */
  readonly relays: readonly string[];
  /** Sorted by device, one per device, at most 256. A log that is not named is the newcomer's from its first entry on. */
  readonly starts: readonly LogStart[];
}

export type Change =
  | AddChange
  | { readonly kind: "remove"; readonly account: AccountId }
  | { readonly kind: "role"; readonly account: AccountId; readonly role: Role }
  | { readonly kind: "leave" }
  /** 1 to 96 bytes of UTF-8. */
  | { readonly kind: "rename"; readonly name: string }
  /** 0 bytes (none) to 8,192, not looked into here; "stored" where only the store has them. */
  | { readonly kind: "picture"; readonly image: Uint8Array | "stored" }
  /** Of a later version: kept and passed on as it is. */
  | { readonly kind: "unknown"; readonly type: number; readonly bytes: Uint8Array };

export interface OperationBody {
  /** Ids of the newest operations that the author knew, or of the genesis: 1 to 32, sorted. */
  readonly parents: readonly EntryId[];
  readonly change: Change;
}

/**
 * version 1 | parent count 1 | entry id 32 … | change type 1 | change
 * @throws DecodeError for what `decodeOperation` would refuse, also when it is larger than a body may be.
 */
export function encodeOperation({ parents, change }: OperationBody): Uint8Array {
  const writer = new ByteWriter().uint(OPERATION_VERSION, 1).uint(parents.length, 1);
  for (const parent of parents) writer.fixed(hexToBytes(parent, 32), 32);
  writeChange(writer, change);
  const body = writer.finish();
  decodeOperation(body);
  return body;
}

/** @throws DecodeError for anything that `encodeOperation` would not have produced. */
export function decodeOperation(body: Uint8Array): OperationBody {
  if (body.length > MAX_BODY_BYTES) throw new DecodeError("operation is too long");
  const reader = new ByteReader(body);
  if (reader.uint(1) !== OPERATION_VERSION) throw new DecodeError("unknown operation version");
  const parents = readParents(reader);
  const change = readChange(reader);
  reader.end();
  return { parents, change };
}

function writeChange(writer: ByteWriter, change: Change): void {
  writer.uint(change.kind === "unknown" ? change.type : CHANGE_TYPE[change.kind], 1);
  switch (change.kind) {
    case "add":
      writeAdd(writer, change);
      break;
    case "remove":
      writer.fixed(hexToBytes(change.account, 32), 32);
      break;
    case "role":
      writer.fixed(hexToBytes(change.account, 32), 32).uint(ROLE_CODES.indexOf(change.role), 1);
      break;
    case "leave":
      break;
    case "rename":
      writer.sized(groupNameToBytes(change.name), 1);
      break;
    case "picture":
      if (change.image === "stored") throw new DecodeError("a picture that is elsewhere");
      writer.sized(change.image, 2);
      break;
    case "unknown":
      if (KNOWN_TYPES.has(change.type)) throw new DecodeError("a known change, said to be unknown");
      writer.fixed(change.bytes, change.bytes.length);
  }
}

/** account 32 | bundle (length 2) | relay count 1 | (length 1, multiaddr)… | start count 2 | (device 16, seq 4, entry id 32)… */
function writeAdd(writer: ByteWriter, { account, bundle, relays, starts }: AddChange): void {
  writer.fixed(hexToBytes(account, 32), 32).sized(bundle, 2).uint(relays.length, 1);
  for (const relay of relays.map(textToBytes)) {
    if (relay.length > MAX_RELAY_BYTES) throw new DecodeError("relay is too long");
    writer.sized(relay, 1);
  }
  writer.uint(starts.length, 2);
  for (const { device, seq, id } of starts) {
    writer.fixed(hexToBytes(device, 16), 16).uint(seq, 4).fixed(hexToBytes(id, 32), 32);
  }
}

function readParents(reader: ByteReader): readonly EntryId[] {
  const count = reader.uint(1, MAX_PARENTS);
  if (count === 0) throw new DecodeError("an operation without parents");
  const parents: EntryId[] = [];
  for (let index = 0; index < count; index += 1) {
    const parent = bytesToHex(reader.fixed(32)) as EntryId;
    if (parent <= (parents.at(-1) ?? "")) throw new DecodeError("parents are not sorted");
    parents.push(parent);
  }
  return parents;
}

function readChange(reader: ByteReader): Change {
  const type = reader.uint(1);
  switch (type) {
    case CHANGE_TYPE.add:
      return readAdd(reader);
    case CHANGE_TYPE.remove:
      return { kind: "remove", account: readAccount(reader) };
    case CHANGE_TYPE.role: {
      const account = readAccount(reader);
      return { kind: "role", account, role: ROLE_CODES[reader.uint(1, ROLE_CODES.length - 1)] ?? "member" };
    }
    case CHANGE_TYPE.leave:
      return { kind: "leave" };
    case CHANGE_TYPE.rename:
      return { kind: "rename", name: groupNameFromBytes(reader.sized(1, MAX_GROUP_NAME_BYTES)) };
    case CHANGE_TYPE.picture:
      return { kind: "picture", image: reader.sized(2, MAX_PICTURE_BYTES) };
    default:
      return { kind: "unknown", type, bytes: reader.fixed(reader.remaining) };
  }
}

function readAdd(reader: ByteReader): AddChange {
  const account = readAccount(reader);
  const bundle = reader.sized(2, MAX_BODY_BYTES);
  const relayCount = reader.uint(1, MAX_RELAYS);
  const relays = Array.from({ length: relayCount }, () => bytesToText(reader.sized(1, MAX_RELAY_BYTES)));
  const startCount = reader.uint(2, MAX_STARTS);
  const starts: LogStart[] = [];
  for (let index = 0; index < startCount; index += 1) {
    const device = bytesToHex(reader.fixed(16)) as DeviceId;
    if (device <= (starts.at(-1)?.device ?? "")) throw new DecodeError("starts are not sorted");
    const seq = reader.uint(4);
    if (seq === 0) throw new DecodeError("seq begins at 1");
    starts.push({ device, seq, id: bytesToHex(reader.fixed(32)) as EntryId });
  }
  return { kind: "add", account, bundle, relays, starts };
}

function readAccount(reader: ByteReader): AccountId {
  return bytesToHex(reader.fixed(32)) as AccountId;
}
