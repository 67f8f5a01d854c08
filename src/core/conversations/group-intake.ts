/**
 * Changes of a group's membership, taken in as they are stored, not as they are opened: who is a member decides whose entries can be
 * verified at all, and each change names those it rests on. Everything happens in the transaction that stores the entries.
 */
import { CONTROL_CHANNEL, CONTROL_KIND, MESSAGE_CHANNEL } from "../codec/entry.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId, DeviceId, PeerKey } from "../codec/ids.ts";
import type { Entry } from "../log/entry.ts";
import { EMPTY_LOG, logName, type LogState } from "../log/log-state.ts";
import type { Operation } from "../membership/evaluate.ts";
import type { AddChange, LogStart } from "../membership/operation.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { AcquaintanceRow, OperationRow } from "../store/group-tables.ts";
import type { ConversationRow, DeviceListRow, LogRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { replacingList } from "./former-devices.ts";
import { decodeIntroduction, type Introduction } from "./introduction.ts";
import { type GroupState, grown, operationOf, roomFor, startsIn } from "./memberships.ts";

export const INTAKE_TABLES = ["operations", "conversations", "acquaintances", "devices", "logs"] as const;

export class GroupIntake {
  readonly #core: CoreContext;
  readonly #conversation: ConversationId;
  readonly #acquaintances: AcquaintanceRow[] = [];
  readonly #lists = new Map<AccountId, DeviceListRow>();
  /** Devices and peers of those who were introduced: the directory does not know them yet. */
  readonly #owners = new Map<DeviceId | PeerKey, AccountId>();
  #state: GroupState | undefined;
  #row: ConversationRow | undefined;
  /** Who made this account a member, if that is no contact and the person was not asked. */
  #addedBy: AccountId | undefined;

  constructor(core: CoreContext, conversation: ConversationId) {
    this.#core = core;
    this.#conversation = conversation;
  }

  /** Takes in what `entries` change; `isApart`: they are in no log here. Where they make this account a member, `logs` begin where its history does. */
  async take(
    tx: WriteTransaction,
    entries: readonly Entry[],
    logs: Map<string, LogState>,
    isApart = false,
  ): Promise<void> {
    const { directory } = this.#core;
    const held = this.#core.memberships.of(this.#conversation);
    const row = directory.conversations.get(this.#conversation);
    if (held === undefined || row === undefined) return;
    const operations: Operation[] = [];
    const roomByDevice = new Map<DeviceId, number>();
    for (const { id, header, parts } of entries) {
      if (header.channel !== CONTROL_CHANNEL || header.kind !== CONTROL_KIND.member) continue;
      const author = directory.accountOfDevice(header.device);
      if (author === undefined) continue;
      const { device } = header;
      const proof = isApart ? { header: parts.header, signature: parts.signature } : undefined;
      const stored: OperationRow = { author, device, body: parts.body, ...(proof === undefined ? {} : { proof }) };
      const operation = operationOf(id, stored);
      if (operation === undefined || held.operations.has(id)) continue;
      const room = roomByDevice.get(device) ?? roomFor(held, device);
      if (room <= 0) continue;
      roomByDevice.set(device, room - 1);
      tx.put("operations", [this.#conversation, id], stored);
      operations.push(operation);
      if (operation.change.kind === "add") await this.#meet(tx, operation.change);
    }
    if (operations.length === 0) return;
    this.#state = grown(held, operations);
    this.#row = withMembers(row, this.#state);
    if (isNew(row, this.#row, directory.self.account)) this.#addedBy = this.#strangerWhoAdded(this.#state);
    tx.put("conversations", [this.#conversation], this.#row);
    this.#beginHistory(tx, this.#state, logs);
  }

  get addedBy(): AccountId | undefined {
    return this.#addedBy;
  }

  /** After the commit. Whether the membership may have changed. */
  remember(): boolean {
    const { directory, memberships } = this.#core;
    for (const row of this.#acquaintances) directory.acquaintances.set(row.account, row);
    for (const [account, list] of this.#lists) directory.putDevices(account, list);
    if (this.#state === undefined || this.#row === undefined) return false;
    memberships.put(this.#conversation, this.#state);
    directory.conversations.set(this.#conversation, this.#row);
    return true;
  }

  #strangerWhoAdded({ membership, operations }: GroupState): AccountId | undefined {
    const { self, contacts } = this.#core.directory;
    const authors = (membership.addsByAccount.get(self.account) ?? []).flatMap(
      (id) => operations.get(id)?.author ?? [],
    );
    const isByContact = authors.some((author) => contacts.get(author)?.isConfirmed === true);
    return isByContact ? undefined : authors[0];
  }

  async #meet(tx: WriteTransaction, { account, bundle, relays }: AddChange): Promise<void> {
    const met = introduced(this.#core, bundle);
    // Of somebody else than it is said to be.
    if (met?.account !== account || account === this.#core.directory.self.account) return;
    if (!this.#isTheirs(met)) return;
    const rows = await putIntroduced(this.#core, tx, met, relays);
    if (rows.acquaintance !== undefined) this.#acquaintances.push(rows.acquaintance);
    if (rows.list !== undefined) this.#lists.set(account, rows.list);
  }

  /** A device that somebody else showed before, also by a change of the same piece, stays with them. */
  #isTheirs({ account, list }: Introduction): boolean {
    const names = list.devices.flatMap(({ device, peerKey }) => [device, peerKey]);
    if (names.some((name) => (this.#owners.get(name) ?? account) !== account)) return false;
    for (const name of names) this.#owners.set(name, account);
    return true;
  }

  /** Logs of which only a part is this account's begin there, also if an earlier part was theirs before they were removed. */
  #beginHistory(tx: WriteTransaction, state: GroupState, logs: Map<string, LogState>): void {
    const { self } = this.#core.directory;
    for (const [device, start] of startsIn(state, self.account)) {
      const name = logName(device, MESSAGE_CHANNEL);
      const held = logs.get(name)?.row ?? EMPTY_LOG;
      if (held.base >= start.seq || this.#core.directory.isOwnDevice(device)) continue;
      const row = beginningAt(start, held);
      logs.set(name, { device, channel: MESSAGE_CHANNEL, row });
      tx.put("logs", [this.#conversation, device, MESSAGE_CHANNEL], row);
    }
  }
}

/** What is held of a log from its start on stays; what is older is passed over for good. */
function beginningAt({ seq, id }: LogStart, held: LogRow): LogRow {
  if (held.height >= seq) return { ...held, base: seq, opened: Math.max(held.opened, seq) };
  return { ...held, base: seq, height: seq, head: id, opened: seq, verified: seq };
}

/** Whether this account became a member of a group that it was in never before, without having been asked. */
function isNew(before: ConversationRow, now: ConversationRow, own: AccountId): boolean {
  const wasIn = before.members.includes(own) || before.former?.includes(own) === true;
  return !wasIn && before.isAccepted !== true && now.members.includes(own);
}

/** Devices of somebody else, or none at all: such an introduction brings nobody. */
function introduced(core: CoreContext, bytes: Uint8Array): Introduction | undefined {
  try {
    const introduction = decodeIntroduction(core.suite, bytes);
    core.directory.checkDevices(introduction.account, introduction.list);
    return introduction;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

export interface PutIntroduced {
  readonly account: AccountId;
  readonly acquaintance?: AcquaintanceRow;
  readonly list?: DeviceListRow;
}

/** Needs the tables acquaintances and devices. Rows that are new. */
export async function putIntroduced(
  { directory }: CoreContext,
  tx: WriteTransaction,
  { account, list, listBytes, name }: Introduction,
  relays: readonly string[],
): Promise<PutIntroduced> {
  const [known, held] = await Promise.all([tx.get("acquaintances", [account]), tx.get("devices", [account])]);
  const acquaintance: AcquaintanceRow | undefined =
    known === undefined && !directory.contacts.has(account) ? { account, name, profileNumber: 0, relays } : undefined;
  const isNewer = held === undefined || list.number > held.number;
  // What a contact's new device means for them is told where they bring it themselves.
  const canReplace = held === undefined || !directory.contacts.has(account);
  const { number, rootKey, devices } = list;
  const next = isNewer && canReplace ? replacingList(held, { number, rootKey, devices, bytes: listBytes }) : undefined;
  if (acquaintance !== undefined) tx.put("acquaintances", [account], acquaintance);
  if (next !== undefined) tx.put("devices", [account], next);
  return {
    account,
    ...(acquaintance === undefined ? {} : { acquaintance }),
    ...(next === undefined ? {} : { list: next }),
  };
}

/** The row as the membership is now. */
export function withMembers(row: ConversationRow, { membership, genesis }: GroupState): ConversationRow {
  const members = [...membership.members.keys()];
  const former = [genesis.founder, ...membership.everMembers].filter((account) => !membership.members.has(account));
  return { ...row, members, former: [...new Set(former)], name: membership.name };
}
