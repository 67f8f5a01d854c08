/** The part of the messenger in memory that is about people. */
import type {
  AccountId,
  BlockedView,
  CodeReading,
  ContactView,
  MessengerEvent,
  People,
  RequestId,
  RequestView,
  ShownCode,
  ThreadId,
  ThreadView,
} from "../../src/core/views.ts";
import { direct, joiningView, threadView } from "./fake-views.ts";

const SAFETY_NUMBER = "301726045519283746507192380465102938475610293847561092384756";

/** What it needs of the messenger around it. */
interface PeopleHost {
  readonly threadsById: ReadonlyMap<ThreadId, { view: ThreadView }>;
  readonly calls: string[];
  add(thread: ThreadView): void;
  emit(event: MessengerEvent): void;
}

export class FakePeople implements People {
  blockedViews: BlockedView[] = [];
  requestViews: RequestView[] = [];
  /** Codes shown so far. */
  shownCodes = 0;
  readonly #messenger: PeopleHost;

  constructor(messenger: PeopleHost) {
    this.#messenger = messenger;
  }

  /** Somebody asks to be let in. */
  ask(name: string): void {
    const account = `${name.toLowerCase()}-asks` as AccountId;
    this.requestViews = [{ id: account, account, name, tag: "7f3a", askedAt: Date.now() }, ...this.requestViews];
    this.#tellRequests();
  }

  /** Somebody who is no contact adds this account to a group. */
  addTo(group: string, by: string): void {
    const account = `${by.toLowerCase()}-adds` as AccountId;
    const id = `${group.toLowerCase()}-group` as ThreadId;
    const request = { id, account, name: by, tag: "91c0", askedAt: Date.now(), group };
    this.requestViews = [request, ...this.requestViews];
    this.#tellRequests();
  }

  changeContact(thread: ThreadId, change: Partial<ContactView>): void {
    const held = this.#messenger.threadsById.get(thread);
    if (held === undefined) throw new Error(`No thread ${thread}`);
    const view = direct(held.view);
    held.view = { ...view, contact: { ...view.contact, ...change } };
    this.#messenger.emit({ type: "thread", thread: held.view });
  }

  block(thread: ThreadId): Promise<void> {
    const view = this.#messenger.threadsById.get(thread)?.view;
    if (view === undefined) throw new Error(`No thread ${thread}`);
    const { account } = direct(view).contact;
    this.blockedViews = [{ account, name: view.name, blockedAt: Date.now() }, ...this.blockedViews];
    this.changeContact(thread, { isBlocked: true });
    this.#messenger.emit({ type: "blocked", blocked: this.blockedViews });
    return Promise.resolve();
  }

  unblock(account: AccountId): Promise<void> {
    this.blockedViews = this.blockedViews.filter((row) => row.account !== account);
    const thread = account as string as ThreadId;
    if (this.#messenger.threadsById.has(thread)) this.changeContact(thread, { isBlocked: false });
    this.#messenger.emit({ type: "blocked", blocked: this.blockedViews });
    return Promise.resolve();
  }

  blocked(): readonly BlockedView[] {
    return this.blockedViews;
  }

  requests(): readonly RequestView[] {
    return this.requestViews;
  }

  befriend(account: AccountId): Promise<ThreadId | undefined> {
    const facts = { path: { kind: "relay", relay: "relay.example" }, isConfirmed: false } as const;
    const thread = threadView(`${account}f`, "Eva", facts);
    this.#messenger.add({ ...thread, request: "waiting" });
    this.#messenger.emit({ type: "thread", thread: { ...thread, request: "waiting" } });
    return Promise.resolve(thread.id);
  }

  acceptRequest(id: RequestId): Promise<ThreadId | undefined> {
    const request = this.#take(id);
    if (request === undefined) return Promise.resolve(undefined);
    const thread =
      request.group === undefined
        ? threadView("a5ced", request.name, { path: { kind: "connecting" } })
        : joiningView("a5ced", request.group);
    this.#messenger.add(thread);
    this.#messenger.emit({ type: "thread", thread });
    return Promise.resolve(thread.id);
  }

  deleteRequest(id: RequestId): Promise<void> {
    this.#take(id);
    return Promise.resolve();
  }

  blockRequest(id: RequestId): Promise<void> {
    const request = this.#take(id);
    if (request !== undefined) {
      this.blockedViews = [
        { account: request.account, name: request.name, blockedAt: Date.now() },
        ...this.blockedViews,
      ];
    }
    return Promise.resolve();
  }

  safetyNumber(): string {
    return SAFETY_NUMBER;
  }

  setVerified(thread: ThreadId, isVerified: boolean): Promise<void> {
    this.changeContact(thread, { isVerified });
    return Promise.resolve();
  }

  showCode(): ShownCode {
    this.shownCodes += 1;
    return { text: `Kith code ${this.shownCodes}${"Ab3_".repeat(28)}`, newInMs: 60_000 };
  }

  hideCode(): void {
    this.#messenger.calls.push("hideCode");
  }

  readCode(_thread: ThreadId, text: string): CodeReading {
    if (text.includes("else")) return { kind: "somebody-else" };
    return text.startsWith("Kith code") ? { kind: "matches", isTold: true } : { kind: "no-code" };
  }

  settleListChange(thread: ThreadId): Promise<void> {
    const held = this.#messenger.threadsById.get(thread);
    if (held === undefined) return Promise.resolve();
    const view = direct(held.view);
    const { listChange: _told, ...contact } = view.contact;
    held.view = { ...view, contact };
    this.#messenger.emit({ type: "thread", thread: held.view });
    return Promise.resolve();
  }

  #take(id: RequestId): RequestView | undefined {
    const request = this.requestViews.find((candidate) => candidate.id === id);
    this.requestViews = this.requestViews.filter((candidate) => candidate !== request);
    this.#tellRequests();
    return request;
  }

  #tellRequests(): void {
    this.#messenger.emit({ type: "requests", requests: this.requestViews });
  }
}
