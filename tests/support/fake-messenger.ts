/** A messenger in memory, for looking at the screen and testing it: scripted data, no store, no network. */
import { DEFAULT_SETTINGS } from "../../src/core/conversations/settings.ts";
import type {
  AccountId,
  InviteId,
  CarriedView,
  InviteReading,
  InviteView,
  Holdings,
  KeptView,
  MessagesPage,
  MessageView,
  Messenger,
  MessengerEvent,
  MissingView,
  NetworkView,
  Path,
  PendingChange,
  ProfileView,
  ReceiptsView,
  SendResult,
  SettingsView,
  ThreadId,
  ThreadView,
} from "../../src/core/views.ts";

import { FakeBackups } from "./fake-backups.ts";
import { FakeGroups } from "./fake-groups.ts";
import { FakePairing } from "./fake-pairing.ts";
import { FakePeople } from "./fake-people.ts";
import { direct, messageView, OWN_LOG, threadView } from "./fake-views.ts";

export interface FakeThread {
  view: ThreadView;
  messages: MessageView[];
  receipts: ReceiptsView;
  readUpTo: string;
}

/** What `readInvite` makes of a text that contains one of these words. */
const READINGS = ["incomplete", "expired", "own", "newer"] as const;

export class FakeMessenger implements Messenger {
  profile: ProfileView | undefined;
  networkView: NetworkView = { reachability: { kind: "online" }, relays: [] };
  readonly threadsById = new Map<ThreadId, FakeThread>();
  invites: InviteView[] = [];
  settingsView: SettingsView = DEFAULT_SETTINGS;
  /** Every call that changes something, for tests. */
  readonly calls: string[] = [];
  /** While set, `send` waits for it. */
  sendGate: Promise<void> | undefined;
  nextSendResult: Exclude<SendResult, { kind: "sent" }> | undefined;
  readonly people = new FakePeople(this);
  readonly groups = new FakeGroups(this);
  readonly backups = new FakeBackups(this);
  readonly pairing = new FakePairing(this);
  readonly #listeners = new Set<(event: MessengerEvent) => void>();
  #counter = 0;

  missingByThread: Record<string, readonly MissingView[]> = {};
  keptView: KeptView = { messages: 0, bytes: 0, isMore: false };
  readonly holdings: Holdings = {
    missing: (thread) => this.missingByThread[thread] ?? [],
    kept: () => Promise.resolve(this.keptView),
  };

  carriedView: CarriedView = { parcels: 0, bytes: 0 };

  carried(): CarriedView {
    return this.carriedView;
  }

  emit(event: MessengerEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  // ---- what tests and scripts do ----

  add(
    thread: ThreadView,
    messages: MessageView[] = [],
    receipts: ReceiptsView = {},
    readUpTo = messages.at(-1)?.order ?? "",
  ): void {
    const last = messages.at(-1);
    const preview =
      last === undefined
        ? {}
        : {
            preview: {
              text: last.text,
              isOwn: last.isOwn,
              ...(thread.kind === "group" && !last.isOwn ? { authorName: last.authorName } : {}),
              at: last.orderedAt,
              kind: last.kind,
            },
          };
    const unread = messages.filter((message) => !message.isOwn && message.order > readUpTo).length;
    this.threadsById.set(thread.id, { view: { ...thread, ...preview, unread }, messages, receipts, readUpTo });
  }

  /** A message of the contact arrives. */
  receive(id: ThreadId, text: string, at: number = Date.now()): MessageView {
    const thread = this.#thread(id);
    const message = this.#message(thread, { text, isOwn: false, at });
    this.#place(thread, message);
    this.#change(thread, { unread: thread.view.unread + 1, lastHeard: at });
    this.emit({ type: "messages", thread: id, upserts: [message], removed: [] });
    return message;
  }

  setPath(id: ThreadId, path: Path): void {
    this.#change(this.#thread(id), { path });
  }

  setNetwork(network: NetworkView): void {
    this.networkView = network;
    this.emit({ type: "network", network });
  }

  /** Everything own becomes an entry, which this contact carries. */
  carry(id: ThreadId, name: string): void {
    const thread = this.#thread(id);
    const [held = { after: 0, delivered: 0, read: 0 }] = thread.receipts[OWN_LOG] ?? [];
    this.#counter = Math.max(this.#counter, held.delivered);
    this.#seal(id, thread);
    thread.receipts = { ...thread.receipts, [OWN_LOG]: [{ ...held, carried: [{ name, upTo: this.#counter }] }] };
    this.emit({ type: "receipts", thread: id, receipts: thread.receipts });
  }

  /** Everything own becomes an entry, is delivered, and is read up to `read`. */
  deliver(id: ThreadId, how: { readonly isRead: boolean }): void {
    const thread = this.#thread(id);
    this.#seal(id, thread);
    thread.receipts = {
      ...thread.receipts,
      [OWN_LOG]: [{ after: 0, delivered: this.#counter, read: how.isRead ? this.#counter : 0 }],
    };
    this.emit({ type: "receipts", thread: id, receipts: thread.receipts });
    this.#change(thread, { waiting: 0 });
  }

  /** Somebody accepts the newest open invite. */
  acceptOwnInvite(thread: ThreadView): void {
    const invite = this.invites.at(-1);
    if (invite === undefined) throw new Error("No invite is open");
    this.add(thread);
    this.invites = this.invites.filter((candidate) => candidate.id !== invite.id);
    this.emit({ type: "thread", thread });
    this.emit({ type: "invites", invites: this.invites });
    this.emit({ type: "invite-accepted", invite: invite.id, thread: thread.id });
  }

  // ---- Messenger ----

  open(): Promise<ProfileView | undefined> {
    return Promise.resolve(this.profile);
  }

  register(name: string): Promise<ProfileView> {
    this.calls.push(`register ${name}`);
    this.profile = { account: "me".repeat(32) as AccountId, name: name.trim() };
    return Promise.resolve(this.profile);
  }

  connect(): Promise<void> {
    this.calls.push("connect");
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.calls.push("stop");
    return Promise.resolve();
  }

  subscribe(listener: (event: MessengerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async setName(name: string): Promise<ProfileView> {
    const profile = await this.register(name);
    this.emit({ type: "profile", profile });
    return profile;
  }

  network(): NetworkView {
    return this.networkView;
  }

  wake(): void {
    this.calls.push("wake");
  }

  setOnline(isOnline: boolean): void {
    this.calls.push(`online ${isOnline}`);
  }

  createInvite(options: { readonly uses: 1 | 10; readonly days: 1 | 7 | 30 }): Promise<InviteView> {
    this.#counter += 1;
    const now = Date.now();
    const secret = "AQAx7c4Zt1mKd92QpVnB83LfWsJhYrTgUeXoCiNaDzEbRkMyPvGlHwSqOtFjIuAx".repeat(4).slice(0, 300);
    const invite: InviteView = {
      id: `invite${this.#counter}` as InviteId,
      link: `${location.origin}/#i/${this.#counter}${secret}`,
      uses: options.uses,
      usesLeft: options.uses,
      createdAt: now,
      expiresAt: now + options.days * 86_400_000,
    };
    this.calls.push(`createInvite ${options.uses} ${options.days}`);
    this.invites = [...this.invites, invite];
    this.emit({ type: "invites", invites: this.invites });
    return Promise.resolve(invite);
  }

  openInvites(): Promise<readonly InviteView[]> {
    return Promise.resolve(this.invites);
  }

  withdrawInvite(id: InviteId): Promise<void> {
    this.calls.push(`withdrawInvite ${id}`);
    this.invites = this.invites.filter((invite) => invite.id !== id);
    this.emit({ type: "invites", invites: this.invites });
    return Promise.resolve();
  }

  readInvite(text: string): Promise<InviteReading> {
    const bad = READINGS.find((kind) => text.includes(kind));
    if (bad !== undefined) return Promise.resolve({ kind: bad });
    const known = [...this.threadsById.keys()].find((id) => text.endsWith(id));
    if (known !== undefined) return Promise.resolve({ kind: "known", thread: known });
    return Promise.resolve(
      text.includes("good") ? { kind: "valid", inviterName: "Ana", invite: text } : { kind: "incomplete" },
    );
  }

  async acceptInvite(text: string): ReturnType<Messenger["acceptInvite"]> {
    this.calls.push("acceptInvite");
    const reading = await this.readInvite(text);
    if (reading.kind === "known") return { kind: "known", thread: reading.thread };
    if (reading.kind !== "valid") return reading;
    const thread = threadView("a11a", reading.inviterName, { path: { kind: "away" }, isConfirmed: false });
    this.add(thread);
    this.emit({ type: "thread", thread });
    return { kind: "accepted", thread: thread.id };
  }

  threads(): Promise<readonly ThreadView[]> {
    return Promise.resolve([...this.threadsById.values()].map((thread) => thread.view));
  }

  messages(id: ThreadId, query: Parameters<Messenger["messages"]>[1]): Promise<MessagesPage> {
    const { messages, receipts, readUpTo } = this.#thread(id);
    const { limit } = query;
    let from = Math.max(0, messages.length - limit);
    let to = messages.length;
    if (query.at === "unread") {
      const first = messages.findIndex((message) => !message.isOwn && message.order > readUpTo);
      if (first !== -1) {
        from = Math.max(0, first - Math.floor(limit / 2));
        to = Math.min(messages.length, from + limit);
      }
    } else if (query.at === "before") {
      to = messages.findIndex((message) => message.order >= query.order);
      from = Math.max(0, to - limit);
    } else if (query.at === "after") {
      from = messages.findLastIndex((message) => message.order <= query.order) + 1;
      to = Math.min(messages.length, from + limit);
    }
    return Promise.resolve({
      messages: messages.slice(from, to),
      hasOlder: from > 0,
      hasNewer: to < messages.length,
      receipts,
      readUpTo,
    });
  }

  async send(id: ThreadId, text: string): Promise<SendResult> {
    this.calls.push(`send ${text}`);
    await this.sendGate;
    const refused = this.nextSendResult;
    this.nextSendResult = undefined;
    if (refused !== undefined) return refused;
    const thread = this.#thread(id);
    const message = this.#message(thread, { text, isOwn: true, at: Date.now() });
    this.#place(thread, message);
    this.#change(thread, { waiting: thread.view.waiting + 1 });
    this.emit({ type: "messages", thread: id, upserts: [message], removed: [] });
    return { kind: "sent", id: message.id };
  }

  editPending(id: ThreadId, messageId: string, text: string): Promise<PendingChange> {
    this.calls.push(`editPending ${text}`);
    const thread = this.#thread(id);
    const old = thread.messages.find((message) => message.id === messageId);
    if (old?.isPending !== true) return Promise.resolve({ kind: "gone" });
    const edited = { ...old, text };
    thread.messages = thread.messages.map((message) => (message.id === messageId ? edited : message));
    this.emit({ type: "messages", thread: id, upserts: [edited], removed: [] });
    return Promise.resolve({ kind: "done" });
  }

  cancelPending(id: ThreadId, messageId: string): Promise<PendingChange> {
    this.calls.push("cancelPending");
    const thread = this.#thread(id);
    thread.messages = thread.messages.filter((message) => message.id !== messageId);
    this.#change(thread, { waiting: thread.view.waiting - 1 });
    this.emit({ type: "messages", thread: id, upserts: [], removed: [messageId] });
    return Promise.resolve({ kind: "done" });
  }

  saveDraft(id: ThreadId, text: string): Promise<void> {
    this.calls.push(`saveDraft ${text}`);
    this.#change(this.#thread(id), { draft: text });
    return Promise.resolve();
  }

  markRead(id: ThreadId, order: string): Promise<void> {
    const thread = this.#thread(id);
    thread.readUpTo = order;
    const unread = thread.messages.filter((message) => !message.isOwn && message.order > order).length;
    this.#change(thread, { unread });
    return Promise.resolve();
  }

  renameContact(id: ThreadId, privateName: string): Promise<void> {
    const thread = this.#thread(id);
    const view = direct(thread.view);
    const contact = { ...view.contact, privateName };
    thread.view = { ...view, contact, name: privateName === "" ? contact.name : privateName };
    this.emit({ type: "thread", thread: thread.view });
    return Promise.resolve();
  }

  deleteConversation(id: ThreadId): Promise<void> {
    this.calls.push(`deleteConversation ${id}`);
    this.threadsById.delete(id);
    this.emit({ type: "thread-removed", thread: id });
    return Promise.resolve();
  }

  settings(): Promise<SettingsView> {
    return Promise.resolve(this.settingsView);
  }

  changeSettings(change: Partial<SettingsView>): Promise<void> {
    this.settingsView = { ...this.settingsView, ...change };
    this.emit({ type: "settings", settings: this.settingsView });
    return Promise.resolve();
  }

  #seal(id: ThreadId, thread: FakeThread): void {
    const upserts: MessageView[] = [];
    thread.messages = thread.messages.map((message) => {
      if (!message.isPending) return message;
      this.#counter += 1;
      const entry = { ...message, isPending: false, log: OWN_LOG, seq: this.#counter };
      upserts.push(entry);
      return entry;
    });
    this.emit({ type: "messages", thread: id, upserts, removed: [] });
  }

  #thread(id: ThreadId): FakeThread {
    const thread = this.threadsById.get(id);
    if (thread === undefined) throw new Error(`No thread ${id}`);
    return thread;
  }

  #change(thread: FakeThread, change: Partial<Omit<ThreadView, "kind">>): void {
    thread.view = { ...thread.view, ...change };
    this.emit({ type: "thread", thread: thread.view });
  }

  #place(thread: FakeThread, message: MessageView): void {
    thread.messages.push(message);
    const { text, isOwn, orderedAt: at, kind } = message;
    thread.view = { ...thread.view, preview: { text, isOwn, at, kind }, activeAt: at };
  }

  #message(
    thread: FakeThread,
    facts: { readonly text: string; readonly isOwn: boolean; readonly at: number },
  ): MessageView {
    this.#counter += 1;
    return messageView(100_000 + this.#counter, { ...facts, author: thread.view, isPending: facts.isOwn });
  }
}
