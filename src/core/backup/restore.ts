/**
 * Reading a backup into an empty profile, which becomes a new device of the account (PROTOCOL, Backup). The file is opened, decoded and
 * checked as a whole before anything is stored, and stored in one transaction.
 */
import { equalBytes } from "../codec/bytes.ts";
import { decodeCbor } from "../codec/cbor.ts";
import { CONTROL_CHANNEL, CONTROL_KIND } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId } from "../codec/ids.ts";
import { restoredAccount } from "../conversations/account.ts";
import { directThread } from "../conversations/directory.ts";
import { conversationIdOf } from "../conversations/conversation-id.ts";
import { encodeGenesis } from "../membership/genesis.ts";
import { accountIdOf, decodeDeviceList } from "../crypto/identity.ts";
import { KEM_TABLES, publishKem } from "../epochs/kem.ts";
import { appendEntry } from "../log/append.ts";
import { inSlices } from "../log/slices.ts";
import type { Clock } from "../clock.ts";
import type { Suite } from "../crypto/suite.ts";
import { type Store, StoreFullError, type WriteTransaction } from "../store/store.ts";
import type { OpeningRow } from "../store/people-tables.ts";
import type { DeviceListRow, IdentityRow } from "../store/tables.ts";
import { type BackupParts, MAX_CHUNK_BYTES, type OpenedFile, openFile } from "./backup-file.ts";
import { BACKUP_TABLES, type BackupAccount, type BackupRow } from "./backup-tables.ts";
import { isBackupRow } from "./row-shapes.ts";

const SEED_BYTES = 32;
const NONCE_BYTES = 16;

/** `restored`: everything is stored. Anything else: nothing is. */
export type Restored = { readonly kind: "restored" | "in-use" | "full" } | Exclude<OpenedFile, { kind: "opened" }>;

export async function restoreBackup(
  store: Store,
  parts: BackupParts & { readonly clock: Clock },
  file: Uint8Array,
  passphrase: string,
): Promise<Restored> {
  const opened = await openFile(parts, passphrase, file);
  if (opened.kind !== "opened") return opened;
  const content = await readContent(parts, opened.chunks);
  if (content === undefined) return { kind: "damaged" };
  try {
    return await store.write([...BACKUP_TABLES, ...KEM_TABLES], "strict", async (tx) => {
      if ((await tx.get("identity", ["self"])) !== undefined) return { kind: "in-use" };
      await putContent(tx, parts, content);
      return { kind: "restored" };
    });
  } catch (error) {
    if (error instanceof StoreFullError) return { kind: "full" };
    throw error;
  }
}

interface Content {
  readonly account: BackupAccount;
  readonly devices: DeviceListRow;
  /** All rows but those of this account itself. */
  readonly others: readonly BackupRow[];
}

/** Undefined when something in it is not what a backup holds. */
async function readContent(parts: BackupParts, chunks: readonly Uint8Array[]): Promise<Content | undefined> {
  try {
    const rows: BackupRow[] = [];
    await inSlices(parts.clock, chunks, (chunk) => {
      const items = decodeCbor(chunk, MAX_CHUNK_BYTES);
      if (!Array.isArray(items) || !items.every(isBackupRow)) throw new DecodeError("no rows of a backup");
      for (const item of items) rows.push(item as BackupRow);
    });
    await inSlices(parts.clock, rows, (row) => {
      if (row[0] === "devices") checkDevices(parts.suite, String(row[1][0]) as AccountId, row[2]);
    });
    const [first] = rows;
    if (first?.[0] !== "identity" || first[2].rootSeed.length !== SEED_BYTES) return undefined;
    const account = first[2];
    const own = accountIdOf(parts.suite, parts.suite.publicKey(account.rootSeed));
    const isOwnList = (row: BackupRow): boolean => row[0] === "devices" && row[1][0] === own;
    const devices = rows.find(isOwnList);
    if (devices?.[0] !== "devices") return undefined;
    const others = rows.slice(1).filter((row) => !isOwnList(row));
    if (others.some(([table]) => table === "identity")) return undefined;
    return { account, devices: devices[2], others };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** What is held of an account's devices is what its root key signed. @throws DecodeError */
function checkDevices(suite: Suite, account: AccountId, row: DeviceListRow): void {
  const list = decodeDeviceList(suite, row.bytes);
  const isSame =
    accountIdOf(suite, list.rootKey) === account &&
    equalBytes(list.rootKey, row.rootKey) &&
    list.number === row.number &&
    list.devices.length === row.devices.length &&
    list.devices.every(
      ({ device, peerKey }, index) => row.devices[index]?.device === device && row.devices[index].peerKey === peerKey,
    );
  if (!isSame) throw new DecodeError("devices that nobody signed");
}

async function putContent(
  tx: WriteTransaction,
  parts: { readonly suite: Suite; readonly clock: Clock },
  { account, devices, others }: Content,
): Promise<void> {
  const restored = restoredAccount(parts, account, devices);
  tx.put("identity", ["self"], restored.identity);
  tx.put("devices", [restored.identity.account], restored.devices);
  for (const [table, key, value] of others.filter(([name]) => name !== "openings")) {
    if (table !== "identity") tx.put(table, key, value);
  }
  for (const row of others) {
    if (row[0] === "openings") await putOpening(tx, parts, restored.identity, row[2]);
  }
}

/** Of an accepted invite that was not proven yet: the new device founds the conversation that it will claim. */
async function putOpening(
  tx: WriteTransaction,
  { suite, clock }: { readonly suite: Suite; readonly clock: Clock },
  self: IdentityRow,
  opening: OpeningRow,
): Promise<void> {
  const { account } = opening;
  const held = await tx.get("conversations", [opening.conversation]);
  if (held?.isShared === true) {
    tx.put("openings", [account], opening);
    return;
  }
  const genesis = encodeGenesis({
    kind: "direct",
    nonce: suite.random(NONCE_BYTES),
    founder: self.account,
    other: account,
  });
  const id = conversationIdOf(suite, genesis);
  const thread = directThread(account);
  const members = [self.account, account];
  tx.put("conversations", [id], { id, kind: "direct", thread, founder: self.account, members, isShared: false });
  tx.put("openings", [account], { ...opening, conversation: id });
  const draft = { conversation: id, channel: CONTROL_CHANNEL, kind: CONTROL_KIND.genesis, content: genesis };
  await appendEntry(tx, suite, clock.now(), self, draft);
  await publishKem(tx, suite, clock.now(), self, id);
}
