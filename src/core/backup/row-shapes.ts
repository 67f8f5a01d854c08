/** What each table of a backup holds: the parts of its keys, and the fields of its rows. Nothing else is read back (PROTOCOL, Backup). */
import { isBackupTable, type BackupTable } from "./backup-tables.ts";

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const whole: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const flag: Check = (value) => typeof value === "boolean";
const bytes: Check = (value) => value instanceof Uint8Array;
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
const mapOf =
  (check: Check): Check =>
  (value) =>
    isMap(value) && Object.values(value).every(check);
const row =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isMap(value) &&
    Object.keys(value).every((name) => Object.hasOwn(fields, name)) &&
    Object.entries(fields).every(([name, check]) => check(value[name]));

const device = row({
  device: text,
  logKey: bytes,
  peerKey: text,
  createdAt: whole,
  logConsent: bytes,
  peerConsent: bytes,
});
const messageKind = oneOf("text", "unsupported", "broken");
const preview = row({ order: text, author: maybe(text), text, isOwn: flag, at: whole, kind: messageKind });
const logMark = row({ device: text, channel: whole, height: whole, headPrefix: text, opened: whole });
const groupChange = row({
  kind: oneOf("created", "added", "removed", "left", "promoted", "demoted", "renamed", "pictured", "disputed"),
  subject: maybe(text),
  name: maybe(text),
});
const listChange = row({ kind: oneOf("new-device", "fork"), at: whole, wasVerified: flag });

const SHAPES: Readonly<Record<BackupTable, { readonly key: readonly Check[]; readonly value: Check }>> = {
  identity: { key: [oneOf("self")], value: row({ rootSeed: bytes, name: text, profileNumber: whole }) },
  devices: {
    key: [text],
    value: row({
      number: whole,
      rootKey: bytes,
      devices: listOf(device),
      bytes,
      former: maybe(listOf(device)),
      previous: maybe(bytes),
    }),
  },
  contacts: {
    key: [text],
    value: row({
      account: text,
      name: text,
      profileNumber: whole,
      privateName: text,
      isConfirmed: flag,
      relays: listOf(text),
      createdAt: whole,
      lastHeard: maybe(whole),
      isLost: maybe(flag),
      verifiedAt: maybe(whole),
      listChange: maybe(listChange),
      seenFork: maybe(text),
      reach: maybe(
        listOf(
          row({
            device: text,
            number: whole,
            helps: flag,
            relays: listOf(text),
            helpers: listOf(text),
            earlier: maybe(listOf(text)),
          }),
        ),
      ),
      ways: maybe(listOf(row({ device: text, relay: maybe(text), helper: maybe(text), at: whole }))),
    }),
  },
  openings: {
    key: [text],
    value: row({
      account: text,
      peer: text,
      secret: bytes,
      expiresAt: whole,
      relays: listOf(text),
      conversation: text,
      trouble: maybe(oneOf("used", "withdrawn", "expired", "unknown")),
      request: maybe(oneOf("asking", "waiting", "not-taken")),
      isWish: maybe(flag),
    }),
  },
  conversations: {
    key: [text],
    value: row({
      id: text,
      kind: oneOf("direct", "group"),
      thread: text,
      founder: text,
      members: listOf(text),
      isShared: flag,
      name: maybe(text),
      genesis: maybe(row({ id: text, name: text })),
      former: maybe(listOf(text)),
      offeredBy: maybe(text),
      isAccepted: maybe(flag),
    }),
  },
  operations: { key: [text, text], value: row({ author: text, device: text, body: bytes }) },
  acquaintances: {
    key: [text],
    value: row({ account: text, name: text, profileNumber: whole, relays: listOf(text), lastHeard: maybe(whole) }),
  },
  threads: {
    key: [text],
    value: row({
      id: text,
      draft: text,
      readUpTo: text,
      unread: whole,
      unreadAbove: maybe(text),
      activeAt: whole,
      preview: maybe(preview),
      letters: maybe(whole),
    }),
  },
  logs: {
    key: [text, text, whole],
    value: row({
      base: whole,
      height: whole,
      head: text,
      opened: whole,
      verified: whole,
      headClock: text,
      headRank: text,
      dependedOn: maybe(mapOf(whole)),
    }),
  },
  entries: {
    key: [text, text, whole, whole],
    value: row({
      id: text,
      header: bytes,
      signature: bytes,
      body: bytes,
      rank: text,
      shownAt: maybe(text),
      opening: maybe(bytes),
    }),
  },
  timeline: {
    key: [text, text],
    value: row({
      id: text,
      conversation: text,
      author: text,
      device: text,
      seq: whole,
      kind: oneOf("text", "unsupported", "broken", "change"),
      change: maybe(groupChange),
      text,
      writtenAt: whole,
      orderedAt: whole,
      isLate: flag,
    }),
  },
  outbox: {
    key: [text, whole],
    value: row({ id: text, text, writtenAt: whole, rank: maybe(text), isLeft: maybe(flag) }),
  },
  clocks: { key: [text, text], value: row({ number: whole, marks: listOf(logMark), bytes }) },
  reads: {
    key: [text, text],
    value: row({
      number: whole,
      marks: listOf(row({ device: text, seq: whole })),
      bytes,
      seal: maybe(oneOf("opened", "unopened")),
    }),
  },
  packages: { key: [text, text], value: row({ number: whole, publicKey: bytes }) },
  settings: { key: [text], value: (value) => flag(value) || whole(value) },
  blocked: {
    key: [text],
    value: row({ account: text, name: text, peers: listOf(text), blockedAt: whole }),
  },
  requests: {
    key: [text],
    value: row({
      account: text,
      name: text,
      peer: text,
      relays: listOf(text),
      payload: bytes,
      askedAt: whole,
      isDeleted: flag,
    }),
  },
};

/** Whether this is a row of a backup: [table, key, value]. */
export function isBackupRow(item: unknown): boolean {
  if (!Array.isArray(item) || item.length !== 3) return false;
  const [table, key, value] = item as readonly unknown[];
  if (!isBackupTable(table) || !Array.isArray(key)) return false;
  const shape = SHAPES[table];
  return key.length === shape.key.length && shape.key.every((check, index) => check(key[index])) && shape.value(value);
}
