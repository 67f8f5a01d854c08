/** The part of the messenger in memory that is about groups. */
import { pictureType } from "../../src/core/membership/picture.ts";
import type {
  AccountId,
  GroupChangeView,
  GroupCreation,
  GroupOutcome,
  GroupRole,
  Groups,
  GroupThreadView,
  GroupView,
  InviteView,
  MemberView,
  MessageView,
  MessengerEvent,
  PictureView,
  ThreadId,
  ThreadView,
} from "../../src/core/views.ts";
import type { FakeThread } from "./fake-messenger.ts";
import { groupView, messageView } from "./fake-views.ts";

/** What it needs of the messenger around it. */
interface GroupsHost {
  readonly threadsById: ReadonlyMap<ThreadId, FakeThread>;
  readonly calls: string[];
  add(thread: ThreadView): void;
  emit(event: MessengerEvent): void;
  createInvite(options: { readonly uses: 1 | 10; readonly days: 1 | 7 | 30 }): Promise<InviteView>;
}

const FIRST_ORDER = 200_000;

export class FakeGroups implements Groups {
  /** While set, the next command ends so. */
  nextOutcome: Exclude<GroupOutcome, { kind: "done" }> | undefined;
  readonly #messenger: GroupsHost;
  readonly #pictures = new Map<ThreadId, Uint8Array>();
  #counter = 0;

  constructor(messenger: GroupsHost) {
    this.#messenger = messenger;
  }

  create(name: string, contacts: readonly AccountId[]): Promise<GroupCreation> {
    this.#messenger.calls.push(`create ${name} ${contacts.join(",")}`);
    const refused = this.#refusal();
    if (refused !== undefined) return Promise.resolve(refused);
    this.#counter += 1;
    const members: MemberView[] = [
      { ...this.#member("me" as AccountId, "admin"), isOwn: true, name: "", isOnline: true },
      ...contacts.map((account) => this.#member(account, "member")),
    ];
    const thread = groupView(`97${this.#counter}`, name, withRights(members, "admin"), "admin");
    this.#messenger.add(thread);
    this.#messenger.emit({ type: "thread", thread });
    this.tell(thread.id, { kind: "created", by: "", name });
    for (const { name: subject } of members.slice(1)) this.tell(thread.id, { kind: "added", by: "", subject });
    return Promise.resolve({ kind: "created", thread: thread.id });
  }

  rename(thread: ThreadId, name: string): Promise<GroupOutcome> {
    return this.#do(`rename ${name}`, () => {
      const { view } = this.#held(thread);
      this.#put({ ...view, name });
      this.tell(thread, { kind: "renamed", by: "", name });
    });
  }

  setPicture(thread: ThreadId, image: Uint8Array): Promise<GroupOutcome> {
    return this.#do(`setPicture ${image.length > 0 ? "some" : "none"}`, () => {
      const { picture: _before, ...view } = this.#held(thread).view;
      this.#pictures.set(thread, image);
      this.#counter += 1;
      this.#put(image.length === 0 ? view : { ...view, picture: `picture ${this.#counter}` });
      this.tell(thread, { kind: "pictured", by: "" });
    });
  }

  picture(thread: ThreadId): Promise<PictureView | undefined> {
    const bytes = this.#pictures.get(thread) ?? new Uint8Array(0);
    const type = pictureType(bytes);
    return Promise.resolve(type === undefined ? undefined : { type, bytes });
  }

  add(thread: ThreadId, contacts: readonly AccountId[]): Promise<GroupOutcome> {
    return this.#do(`add ${contacts.join(",")}`, () => {
      const added = contacts.map((account) => this.#member(account, "member"));
      this.#setMembers(thread, [...this.#held(thread).view.group.members, ...added]);
      for (const { name: subject } of added) this.tell(thread, { kind: "added", by: "", subject });
    });
  }

  remove(thread: ThreadId, account: AccountId): Promise<GroupOutcome> {
    return this.#do(`remove ${account}`, () => {
      const { members } = this.#held(thread).view.group;
      const subject = members.find((member) => member.account === account)?.name ?? "";
      const staying = members.filter((member) => member.account !== account);
      this.#setMembers(thread, staying);
      this.tell(thread, { kind: "removed", by: "", subject });
    });
  }

  setRole(thread: ThreadId, account: AccountId, role: GroupRole): Promise<GroupOutcome> {
    return this.#do(`setRole ${account} ${role}`, () => {
      const { members } = this.#held(thread).view.group;
      this.#setMembers(
        thread,
        members.map((member) => (member.account === account ? { ...member, role } : member)),
      );
      const subject = members.find((member) => member.account === account)?.name ?? "";
      this.tell(thread, { kind: role === "admin" ? "promoted" : "demoted", by: "", subject });
    });
  }

  leave(thread: ThreadId): Promise<GroupOutcome> {
    return this.#do("leave", () => {
      this.end(thread);
      this.tell(thread, { kind: "left", by: "" });
    });
  }

  createInvite(thread: ThreadId, options: { readonly uses: 1 | 10; readonly days: 1 | 7 | 30 }): Promise<InviteView> {
    this.#messenger.calls.push(`group invite ${thread}`);
    return this.#messenger.createInvite(options);
  }

  // ---- what tests do ----

  /** This account is in the group no more. */
  end(thread: ThreadId): void {
    const { view } = this.#held(thread);
    const members = view.group.members.filter(({ isOwn }) => !isOwn);
    this.#put({ ...view, group: { members: withRights(members, undefined), size: members.length, online: 0 } });
  }

  /** A line of a change stands in the group. */
  tell(thread: ThreadId, change: GroupChangeView): void {
    this.#place(thread, { author: "", kind: "change", change, text: "" });
  }

  /** A member writes. */
  say(thread: ThreadId, name: string, text: string): void {
    const author = this.#held(thread).view.group.members.find((member) => member.name === name)?.account ?? "";
    const { view } = this.#place(thread, { author, authorName: name, text });
    const preview = { text, isOwn: false, authorName: name, at: Date.now(), kind: "text" as const };
    this.#put({ ...view, preview, unread: view.unread + 1 });
  }

  #place(
    id: ThreadId,
    facts: Partial<Pick<MessageView, "authorName" | "kind" | "change">> & { author: string; text: string },
  ): { readonly view: GroupThreadView } {
    const { held, view } = this.#held(id);
    this.#counter += 1;
    const { author, text, ...rest } = facts;
    const plain = messageView(FIRST_ORDER + this.#counter, { text, isOwn: false, at: Date.now(), author: view });
    const message: MessageView = { ...plain, author: author as AccountId, ...rest };
    held.messages.push(message);
    this.#messenger.emit({ type: "messages", thread: id, upserts: [message], removed: [] });
    return { view };
  }

  #do(call: string, work: () => void): Promise<GroupOutcome> {
    this.#messenger.calls.push(call);
    const refused = this.#refusal();
    if (refused === undefined) work();
    return Promise.resolve(refused ?? { kind: "done" });
  }

  #refusal(): Exclude<GroupOutcome, { kind: "done" }> | undefined {
    const refused = this.nextOutcome;
    this.nextOutcome = undefined;
    return refused;
  }

  #held(thread: ThreadId): { readonly held: FakeThread; readonly view: GroupThreadView } {
    const held = this.#messenger.threadsById.get(thread);
    if (held?.view.kind !== "group") throw new Error(`No group ${thread}`);
    return { held, view: held.view };
  }

  #put(view: GroupThreadView): void {
    this.#held(view.id).held.view = view;
    this.#messenger.emit({ type: "thread", thread: view });
  }

  #setMembers(thread: ThreadId, members: readonly MemberView[]): void {
    const { view } = this.#held(thread);
    const online = members.filter(({ isOnline }) => isOnline).length;
    const own = view.group.ownRole;
    const group: GroupView = { ...view.group, members: withRights(members, own), size: members.length, online };
    this.#put({ ...view, group });
  }

  #member(account: AccountId, role: GroupRole): MemberView {
    const contact = this.#messenger.threadsById.get(account as string as ThreadId)?.view;
    return {
      account,
      name: contact?.name ?? "",
      isOwn: false,
      role,
      isContact: contact !== undefined,
      ...(contact === undefined ? {} : { thread: contact.id }),
      isOnline: contact?.path.kind === "direct",
      canRemove: false,
      canChangeRole: false,
    };
  }
}

/** What an admin may do about everybody else. */
export function withRights(members: readonly MemberView[], ownRole: GroupRole | undefined): MemberView[] {
  return members.map((member) => {
    const isAllowed = ownRole === "admin" && !member.isOwn;
    return { ...member, canRemove: isAllowed, canChangeRole: isAllowed };
  });
}
