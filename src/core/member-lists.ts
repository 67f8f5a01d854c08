/** Levels the device lists of a group's members with whoever is met, and tells those who are connected of a newer one. */
import { bytesToHex, concatBytes, EMPTY_BYTES, equalBytes } from "./codec/bytes.ts";
import type { AccountId, ConversationId, PeerKey } from "./codec/ids.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import type { Suite } from "./crypto/suite.ts";
import type { DeviceListRow } from "./store/tables.ts";
import { takeMemberList } from "./conversations/member-lists.ts";
import { type Cost, COMPARISON_COST } from "./sync/allowance.ts";
import {
  decodeListsHeld,
  encodeListRows,
  encodeListsHeld,
  type ListRow,
  LISTS_DIGEST_BYTES,
} from "./sync/device-list-frames.ts";
import { FRAME, type Frame } from "./sync/frames.ts";
import type { Sync } from "./sync/sync.ts";

/** Rows are replaced, never changed, and each hello asks for all of them. */
const prefixByList = new WeakMap<DeviceListRow, string>();

/** Two consents for each device, and the signature. */
const LIST_COST: Cost = { work: 5, bytes: 0 };

export interface MemberListsEffects {
  /** Somebody has other devices: others may be wanted. */
  changed(account: AccountId): void;
  /** This account has devices that this profile did not know. */
  ownChanged(): void;
}

export class MemberLists {
  readonly #core: CoreContext;
  readonly #sync: () => Sync;
  readonly #effects: MemberListsEffects;

  constructor(core: CoreContext, sync: () => Sync, effects: MemberListsEffects) {
    this.#core = core;
    this.#sync = sync;
    this.#effects = effects;
    core.directory.onNewList = (account) => this.#tell(account);
  }

  /** What is told with hello. Undefined where there are no members but two. */
  held(conversation: ConversationId): Uint8Array | undefined {
    if (this.#core.directory.conversations.get(conversation)?.kind !== "group") return undefined;
    return encodeListsHeld({ digest: this.digest(conversation) });
  }

  /** Equal where the same lists are held, 8 bytes. */
  digest(conversation: ConversationId): Uint8Array {
    return this.#digest(this.#rows(conversation));
  }

  /** @throws DecodeError */
  async onFrame(conversation: ConversationId, peer: PeerKey, { type, payload }: Frame): Promise<Cost> {
    if (this.#core.directory.conversations.get(conversation)?.kind !== "group") return COMPARISON_COST;
    if (type === FRAME.deviceListsHeld) {
      this.#onHeld(conversation, peer, payload);
      return COMPARISON_COST;
    }
    const taken = await takeMemberList(this.#core, conversation, payload);
    if (taken.kind === "changed") this.#effects.changed(taken.account);
    else if (taken.kind === "own") this.#effects.ownChanged();
    return LIST_COST;
  }

  #onHeld(conversation: ConversationId, peer: PeerKey, payload: Uint8Array): void {
    const theirs = decodeListsHeld(payload);
    const rows = this.#rows(conversation);
    const digest = this.#digest(rows);
    if (equalBytes(digest, theirs.digest)) return;
    if (theirs.rows === undefined) {
      this.#send(conversation, peer, FRAME.deviceListsHeld, encodeListsHeld({ digest, rows }));
      return;
    }
    const theirsByAccount = new Map(theirs.rows.map((row) => [row.account, row]));
    for (const { id, row } of this.#accounts(conversation)) {
      const held = theirsByAccount.get(row.account);
      const isEqual = held?.number === row.number && held.prefix === row.prefix;
      if (isEqual || (held?.number ?? 0) > row.number) continue;
      for (const bytes of this.#listsOf(id)) this.#send(conversation, peer, FRAME.deviceList, bytes);
    }
  }

  /** The newest first: an older one says whose earlier devices wrote what is held. */
  #listsOf(account: AccountId): readonly Uint8Array[] {
    const list = this.#core.directory.devicesOf(account);
    if (list === undefined) return [];
    return list.previous === undefined ? [list.bytes] : [list.bytes, list.previous];
  }

  #tell(account: AccountId): void {
    for (const { id, kind, members, former } of this.#core.directory.conversations.values()) {
      // What a former member wrote with a new device before the others knew may still come, or be rested on.
      if (kind !== "group" || !(members.includes(account) || former?.includes(account) === true)) continue;
      void this.#sync().gossip.reconsider(id);
      for (const bytes of this.#listsOf(account)) this.#sync().broadcast(id, FRAME.deviceList, bytes);
    }
  }

  #send(conversation: ConversationId, peer: PeerKey, type: number, bytes: Uint8Array): void {
    this.#core.fireAndForget(this.#sync().sendTo(peer, conversation, type, bytes));
  }

  #digest(rows: readonly ListRow[]): Uint8Array {
    return this.#core.suite.hash(encodeListRows(rows)).slice(0, LISTS_DIGEST_BYTES);
  }

  #rows(conversation: ConversationId): readonly ListRow[] {
    return this.#accounts(conversation).map(({ row }) => row);
  }

  /** Of everybody who is or was a member, sorted by account. */
  #accounts(conversation: ConversationId): readonly { readonly id: AccountId; readonly row: ListRow }[] {
    const { directory, suite } = this.#core;
    const held = directory.conversations.get(conversation);
    return [...(held?.members ?? []), ...(held?.former ?? [])].toSorted().flatMap((id) => {
      const list = directory.devicesOf(id);
      if (list === undefined) return [];
      const prefix = prefixByList.get(list) ?? prefixOf(suite, list);
      prefixByList.set(list, prefix);
      return [{ id, row: { account: id.slice(0, 16), number: list.number, prefix } }];
    });
  }
}

function prefixOf(suite: Suite, { bytes, previous }: DeviceListRow): string {
  return bytesToHex(suite.hash(concatBytes(bytes, previous ?? EMPTY_BYTES)).slice(0, 4));
}
