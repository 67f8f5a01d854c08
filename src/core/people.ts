/** What a person decides about others: joins the stored side with the peers it concerns. See people-views.ts for the contract. */
import type { AccountId, ConversationId, ThreadId } from "./codec/ids.ts";
import { blockAccount, blockedViews, unblockAccount } from "./conversations/blocking.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { openWish } from "./conversations/opening.ts";
import { setVerified, settleListChange } from "./conversations/contact-trust.ts";
import { directThread } from "./conversations/directory.ts";
import {
  acceptGroupRequest,
  deleteGroupRequest,
  groupRequestViews,
  isGroupRequest,
} from "./conversations/group-requests.ts";
import { groupThread } from "./conversations/groups.ts";
import { acceptRequest, deleteRequest, requestViews } from "./conversations/requests.ts";
import { shownName } from "./conversations/shown-names.ts";
import { contactOf } from "./conversations/thread-views.ts";
import { safetyNumber } from "./crypto/safety-number.ts";
import type { Peers } from "./peers.ts";
import type { BlockedView, CodeReading, People, RequestId, RequestView, ShownCode } from "./people-views.ts";

export class KnownPeople implements People {
  readonly #core: CoreContext;
  readonly #peers: Peers;

  constructor(core: CoreContext, peers: Peers) {
    this.#core = core;
    this.#peers = peers;
  }

  async block(thread: ThreadId): Promise<void> {
    const contact = contactOf(this.#core, thread);
    if (contact === undefined || this.#core.directory.blocked.has(contact.account)) return;
    const { account } = contact;
    const blocking = blockAccount(this.#core, {
      account,
      name: shownName(contact),
      peers: this.#peers.peersOf(account),
    });
    this.#changed(account);
    await blocking;
  }

  async unblock(account: AccountId): Promise<void> {
    await unblockAccount(this.#core, account);
    this.#changed(account);
  }

  blocked(): readonly BlockedView[] {
    return blockedViews(this.#core);
  }

  requests(): readonly RequestView[] {
    const all = [...requestViews(this.#core), ...groupRequestViews(this.#core)];
    return all.toSorted((a, b) => b.askedAt - a.askedAt);
  }

  async befriend(account: AccountId): Promise<ThreadId | undefined> {
    if (!(await openWish(this.#core, account))) return undefined;
    this.#peers.ask(account);
    this.#core.threadChanged(directThread(account));
    return directThread(account);
  }

  async acceptRequest(id: RequestId): Promise<ThreadId | undefined> {
    const group = isGroupRequest(this.#core, id);
    if (group !== undefined) return this.#join(group);
    const thread = await acceptRequest(this.#core, id as AccountId);
    if (thread === undefined) return undefined;
    // Whoever is linked already, because of a common group, asks again on a new link and is answered.
    this.#peers.leave(this.#peers.peersOf(id as AccountId));
    for (const id of this.#core.directory.threads.keys()) this.#core.threadChanged(id);
    return thread;
  }

  deleteRequest(id: RequestId): Promise<void> {
    const group = isGroupRequest(this.#core, id);
    return group === undefined ? deleteRequest(this.#core, id as AccountId) : deleteGroupRequest(this.#core, group);
  }

  async blockRequest(id: RequestId): Promise<void> {
    const { directory } = this.#core;
    const request = this.requests().find((candidate) => candidate.id === id);
    if (request === undefined) return;
    const { account, name } = request;
    const group = isGroupRequest(this.#core, id);
    const asking = directory.requests.get(account)?.peer;
    const peers =
      group === undefined ? (asking === undefined ? [] : [asking]) : (directory.groupRequests.get(group)?.peers ?? []);
    const blocking = blockAccount(this.#core, { account, name, peers });
    this.#changed(account);
    await blocking;
    await this.deleteRequest(id);
  }

  async #join(group: ConversationId): Promise<ThreadId | undefined> {
    const joined = await acceptGroupRequest(this.#core, group);
    if (joined === undefined) return undefined;
    this.#core.threadChanged(groupThread(group));
    await this.#peers.groups.joined(joined.from, group);
    return groupThread(group);
  }

  safetyNumber(thread: ThreadId): string | undefined {
    const { suite, directory } = this.#core;
    const contact = contactOf(this.#core, thread);
    return contact === undefined ? undefined : safetyNumber(suite, directory.self.account, contact.account);
  }

  async setVerified(thread: ThreadId, isVerified: boolean): Promise<void> {
    const contact = contactOf(this.#core, thread);
    if (contact === undefined) return;
    await setVerified(this.#core, contact.account, isVerified);
    this.#core.threadChanged(thread);
  }

  showCode(thread: ThreadId): ShownCode | undefined {
    const contact = contactOf(this.#core, thread);
    return contact === undefined ? undefined : this.#peers.verifying.show(contact.account);
  }

  hideCode(thread: ThreadId): void {
    const contact = contactOf(this.#core, thread);
    if (contact !== undefined) this.#peers.verifying.hide(contact.account);
  }

  readCode(thread: ThreadId, text: string): CodeReading {
    const contact = contactOf(this.#core, thread);
    return contact === undefined ? { kind: "no-code" } : this.#peers.verifying.read(contact.account, text);
  }

  async settleListChange(thread: ThreadId): Promise<void> {
    const contact = contactOf(this.#core, thread);
    if (contact === undefined) return;
    await settleListChange(this.#core, contact.account);
    this.#peers.settled(contact.account);
  }

  #changed(account: AccountId): void {
    this.#peers.blockedChanged();
    this.#core.emit({ type: "blocked", blocked: this.blocked() });
    this.#core.threadChanged(directThread(account));
  }
}
