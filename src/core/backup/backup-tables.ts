/**
 * Which rows of the store a backup holds. No device, chain or KEM keys: "identity" holds the root key alone, "packages" the public keys of
 * others, and the entries keep what each was sealed from, so that what was not delivered yet can be handed over again. Own invites name
 * the device that made them and end with it.
 */
import type { DeviceId } from "../codec/ids.ts";
import type { IdentityRow, Tables } from "../store/tables.ts";
import type { Key, ReadTransaction, Row } from "../store/store.ts";

export const BACKUP_TABLES = [
  "identity",
  "devices",
  "contacts",
  "openings",
  "conversations",
  "threads",
  "logs",
  "entries",
  "timeline",
  "outbox",
  "clocks",
  "reads",
  "packages",
  "settings",
  "blocked",
  "requests",
  "operations",
  "acquaintances",
] as const;

export type BackupTable = (typeof BACKUP_TABLES)[number];

/** Choices of the person; other settings are facts of one device. */
const KEPT_SETTINGS: ReadonlySet<string> = new Set(["notifies", "showsText", "lockAfterMinutes"]);
const OF_CONVERSATION: ReadonlySet<BackupTable> = new Set([
  "conversations",
  "logs",
  "entries",
  "clocks",
  "reads",
  "packages",
  "operations",
]);

export type BackupAccount = Pick<IdentityRow, "rootSeed" | "name" | "profileNumber">;
export type BackupRow = {
  readonly [Name in BackupTable]: readonly [Name, Key, Name extends "identity" ? BackupAccount : Tables[Name]];
}[BackupTable];

export function isBackupTable(value: unknown): value is BackupTable {
  return (BACKUP_TABLES as readonly unknown[]).includes(value);
}

/** The rows of this profile, `identity` first. Undefined if there is no profile. */
export async function readBackupRows(tx: ReadTransaction): Promise<readonly BackupRow[] | undefined> {
  const identity = await tx.get("identity", ["self"]);
  if (identity === undefined) return undefined;
  const { rootSeed, name, profileNumber } = identity;
  const own = new Set<DeviceId>([identity.device]);
  const founded = await unsharedOpenings(tx);
  const rows: BackupRow[] = [["identity", ["self"], { rootSeed, name, profileNumber }]];
  for (const table of BACKUP_TABLES) {
    if (table === "identity") continue;
    for (const { key, value } of await tx.range(table, {})) {
      const [first, second] = key;
      if (OF_CONVERSATION.has(table) && founded.has(String(first))) continue;
      if (table === "packages" && own.has(String(second) as DeviceId)) continue;
      if (table === "settings" && !KEPT_SETTINGS.has(String(first))) continue;
      rows.push(backupRow(table, { key, value }));
    }
  }
  return rows;
}

/** Conversations that nobody else has yet: they were founded by this device, and a restored one founds its own. */
async function unsharedOpenings(tx: ReadTransaction): Promise<ReadonlySet<string>> {
  const founded = new Set<string>();
  for (const { value } of await tx.range("openings", {})) {
    const conversation = await tx.get("conversations", [value.conversation]);
    if (conversation?.isShared !== true) founded.add(value.conversation);
  }
  return founded;
}

function backupRow<Name extends BackupTable>(table: Name, { key, value }: Row<Name>): BackupRow {
  return [table, key, value] as unknown as BackupRow;
}
