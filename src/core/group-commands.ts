/** What a person does in groups: joins the stored side with the peers it concerns. See group-views.ts for the contract. */
import type { AccountId, ConversationId, InviteId, ThreadId } from "./codec/ids.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { deleteGroup } from "./conversations/deleting.ts";
import { readPicture } from "./conversations/group-picture.ts";
import { giveUpJoining } from "./conversations/group-requests.ts";
import {
  changeGroup,
  createGroup,
  cutName,
  type GroupCommit,
  type GroupRefusal,
  groupThread,
} from "./conversations/groups.ts";
import type { GroupCreation, GroupOutcome, GroupRole, Groups, PictureView } from "./group-views.ts";
import { pictureType } from "./membership/picture.ts";
import type { Peers } from "./peers.ts";
import { FencedError } from "./store/fenced-store.ts";
import { StoreClosedError, StoreFailedError, StoreFullError } from "./store/store.ts";
import type { InviteDays, InviteUses, InviteView } from "./views.ts";

export interface GroupCommandEffects {
  createInvite(
    group: ConversationId,
    options: { readonly uses: InviteUses; readonly days: InviteDays },
  ): Promise<InviteView>;
}

type Changes = Parameters<typeof changeGroup>[2];

export class GroupCommands implements Groups {
  readonly #core: CoreContext;
  readonly #peers: Peers;
  readonly #effects: GroupCommandEffects;

  constructor(core: CoreContext, peers: Peers, effects: GroupCommandEffects) {
    this.#core = core;
    this.#peers = peers;
    this.#effects = effects;
  }

  async create(name: string, contacts: readonly AccountId[]): Promise<GroupCreation> {
    const made = await storeOutcome(() => createGroup(this.#core, name, contacts));
    if ("kind" in made) return made;
    this.#peers.groupChanged(made.conversation, made.entries);
    return { kind: "created", thread: groupThread(made.conversation) };
  }

  rename(thread: ThreadId, name: string): Promise<GroupOutcome> {
    const cleaned = cutName(name);
    if (cleaned === "") return Promise.resolve({ kind: "refused" });
    return this.#change(thread, [{ kind: "rename", name: cleaned }]);
  }

  setPicture(thread: ThreadId, image: Uint8Array): Promise<GroupOutcome> {
    if (image.length > 0 && pictureType(image) === undefined) return Promise.resolve({ kind: "refused" });
    return this.#change(thread, [{ kind: "picture", image }]);
  }

  async picture(thread: ThreadId): Promise<PictureView | undefined> {
    const conversation = this.#conversationOf(thread);
    return conversation === undefined ? undefined : readPicture(this.#core, conversation);
  }

  add(thread: ThreadId, contacts: readonly AccountId[]): Promise<GroupOutcome> {
    return this.#change(thread, { add: contacts });
  }

  remove(thread: ThreadId, account: AccountId): Promise<GroupOutcome> {
    return this.#change(thread, [{ kind: "remove", account }]);
  }

  setRole(thread: ThreadId, account: AccountId, role: GroupRole): Promise<GroupOutcome> {
    return this.#change(thread, [{ kind: "role", account, role }]);
  }

  leave(thread: ThreadId): Promise<GroupOutcome> {
    return this.#change(thread, [{ kind: "leave" }]);
  }

  /** Off this device. Whoever still is a member leaves first. */
  async takeOff(thread: ThreadId): Promise<void> {
    await this.leave(thread);
    const conversation = this.#conversationOf(thread);
    if (conversation === undefined) return;
    await giveUpJoining(this.#core, conversation);
    if (!(await deleteGroup(this.#core, thread))) return;
    this.#peers.groups.left(conversation);
    this.#core.emit({ type: "thread-removed", thread });
  }

  async createInvite(
    thread: ThreadId,
    options: { readonly uses: InviteUses; readonly days: InviteDays },
  ): Promise<InviteView> {
    const conversation = this.#conversationOf(thread);
    if (conversation === undefined) throw new Error("no such group");
    return this.#effects.createInvite(conversation, options);
  }

  /** Somebody came by this invite: if it is one of a group, they are added to it. */
  async accepted(invite: InviteId, account: AccountId): Promise<void> {
    const row = await this.#core.store.read(["invites"], (tx) => tx.get("invites", [invite]));
    if (row?.group !== undefined) await this.#change(groupThread(row.group), { add: [account] });
  }

  async #change(thread: ThreadId, changes: Changes): Promise<GroupOutcome> {
    const conversation = this.#conversationOf(thread);
    if (conversation === undefined) return { kind: "refused" };
    const made = await storeOutcome(() => changeGroup(this.#core, conversation, changes));
    if ("kind" in made) return made;
    this.#peers.groupChanged(conversation, made.entries);
    return { kind: "done" };
  }

  #conversationOf(thread: ThreadId): ConversationId | undefined {
    return this.#core.directory.conversationsOf(thread).find(({ kind }) => kind === "group")?.id;
  }
}

type Committed = GroupCommit | GroupRefusal;

async function storeOutcome(work: () => Promise<Committed>): Promise<Committed | { readonly kind: "full" | "failed" }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreFullError) return { kind: "full" };
    if (error instanceof StoreFailedError || error instanceof StoreClosedError || error instanceof FencedError) {
      return { kind: "failed" };
    }
    throw error;
  }
}
