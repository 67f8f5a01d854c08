/** The façade of core: joins store, network and conversations; commands in, events out. See views.ts for the contract. */
import { CoreBackups } from "./backups.ts";
import type { AccountId, InviteId, ThreadId } from "./codec/ids.ts";
import { createAccount, profileOf, renameAccount } from "./conversations/account.ts";
import { renameContact } from "./conversations/contact-names.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { deleteConversation } from "./conversations/deleting.ts";
import { Memberships } from "./conversations/memberships.ts";
import { Directory } from "./conversations/directory.ts";
import { readInvite } from "./conversations/invites.ts";
import { Outgoing } from "./conversations/outgoing.ts";
import type { Holdings } from "./holding-views.ts";
import { createHoldings } from "./holdings.ts";
import { loadKnown } from "./conversations/load-known.ts";
import { markRead } from "./conversations/reading.ts";
import { Receipts } from "./conversations/receipts.ts";
import { SerialQueue } from "./conversations/serial-queue.ts";
import { changeSettings, readSettings } from "./conversations/settings.ts";
import { saveDraft } from "./conversations/drafts.ts";
import { threadView, threadViews } from "./conversations/thread-views.ts";
import { readPage } from "./conversations/timeline.ts";
import { EventPace } from "./event-pace.ts";
import { GroupCommands } from "./group-commands.ts";
import { GroupPace, type GroupPart } from "./group-pace.ts";
import { InviteCommands } from "./invite-commands.ts";
import { KeyBook } from "./epochs/key-book.ts";
import { whenStoreCloses, type MessengerParts } from "./messenger-parts.ts";
import { Peers } from "./peers.ts";
import { PairingByHand } from "./pairing.ts";
import { KnownPeople } from "./people.ts";
import { NO_OBSTACLES } from "./relay-conditions.ts";
import { claimStore, FencedError } from "./store/fenced-store.ts";
import { type Store, StoreClosedError, StoreFailedError, StoreFullError } from "./store/store.ts";
import type {
  CarriedView,
  InviteReading,
  InviteView,
  MessagesPage,
  Messenger,
  MessengerEvent,
  NetworkView,
  PageQuery,
  PendingChange,
  ProfileView,
  SendResult,
  SettingsView,
  StopReason,
  ThreadView,
} from "./views.ts";

export function createMessenger(parts: MessengerParts): Messenger {
  return new CoreMessenger(parts);
}

class CoreMessenger implements Messenger {
  readonly #parts: MessengerParts;
  readonly #listeners = new Set<(event: MessengerEvent) => void>();
  readonly #core: CoreContext;
  readonly #peers: Peers;
  readonly #outgoing: Outgoing;
  readonly #pace: EventPace;
  readonly #invites: InviteCommands;
  readonly people: KnownPeople;
  readonly groups: GroupCommands;
  readonly backups: CoreBackups;
  readonly pairing: PairingByHand;
  readonly holdings: Holdings;
  /** Fenced from `open` on. */
  #store: Store;
  #isStopped = false;

  constructor(parts: MessengerParts) {
    this.#parts = parts;
    this.#store = parts.store;
    const directory = new Directory();
    const memberships = new Memberships();
    const storeNow = (): Store => this.#store;
    const groupPace = new GroupPace(parts.clock, directory, (id, part) => this.#tellThread(id, part));
    this.#core = {
      get store() {
        return storeNow();
      },
      suite: parts.suite,
      clock: parts.clock,
      directory,
      memberships,
      receipts: new Receipts(directory, memberships),
      keys: new KeyBook(),
      renewals: new SerialQueue(),
      emit: (event) => this.#emit(event),
      threadChanged: (id) => groupPace.changed(id, "row"),
      receiptsChanged: (id) => groupPace.changed(id, "receipts"),
      requestsChanged: () => this.#emit({ type: "requests", requests: this.people.requests() }),
      fireAndForget: (work) => {
        work.catch((error: unknown) => this.#onBackgroundError(error));
      },
    };
    this.#pace = new EventPace(parts.clock, (event) => this.#tell(event));
    const ownRelease = parts.release ?? (() => Promise.resolve(undefined));
    this.#peers = new Peers(this.#core, parts.transport, ownRelease, parts.relayConditions ?? NO_OBSTACLES, {
      hasRoomFor: parts.hasRoomFor ?? (() => Promise.resolve(true)),
      onTaker: (conversation) => {
        const thread = directory.conversations.get(conversation)?.thread;
        if (thread !== undefined) this.#core.fireAndForget(this.#outgoing.flush(thread));
      },
      onInviteAccepted: (invite, thread) => {
        this.#emit({ type: "invite-accepted", invite, thread });
        this.#core.fireAndForget(this.groups.accepted(invite, thread as string as AccountId));
        this.#core.fireAndForget(this.#invites.changed());
      },
    });
    this.#outgoing = new Outgoing(this.#core, this.#peers);
    this.groups = new GroupCommands(this.#core, this.#peers, {
      createInvite: (group, options) => this.#invites.create({ ...options, group }),
    });
    this.people = new KnownPeople(this.#core, this.#peers);
    this.#invites = new InviteCommands({
      core: this.#core,
      peers: this.#peers,
      people: this.people,
      appUrl: parts.appUrl,
    });
    this.holdings = createHoldings(this.#core, this.#peers.presence);
    this.backups = new CoreBackups(this.#core, parts.stretch);
    this.pairing = new PairingByHand(this.#core, {
      invites: this.#invites,
      subscribe: (listener) => this.subscribe(listener),
      byHand: () => parts.transport.byHand,
    });
    whenStoreCloses(parts, (reason) => this.#stopFor(reason));
  }

  async open(): Promise<ProfileView | undefined> {
    const { store, isFull } = await claimStore(this.#parts.store, (reason) => this.#stopFor(reason));
    this.#store = store;
    const [settings] = await Promise.all([this.settings(), loadKnown(this.#core)]);
    if (isFull) this.#emit({ type: "store-trouble", trouble: "full" });
    const { reaching, couriers } = this.#peers;
    await Promise.all([reaching.load(settings), couriers.load(settings.carriesFor === "contacts")]);
    const { identity } = this.#core.directory;
    return identity && profileOf(identity);
  }

  register(name: string): Promise<ProfileView> {
    return createAccount(this.#core, name);
  }

  connect(): Promise<void> {
    return this.#peers.start();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#peers.stop();
    this.#store.close();
  }

  subscribe(listener: (event: MessengerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async setName(name: string): Promise<ProfileView> {
    const profile = await renameAccount(this.#core, name);
    this.#peers.tellContacts();
    this.#emit({ type: "profile", profile });
    return profile;
  }

  network(): NetworkView {
    return this.#peers.network;
  }

  wake(): void {
    this.#parts.transport.wake();
  }

  setOnline(isOnline: boolean): void {
    this.#parts.transport.setOnline(isOnline);
  }

  createInvite(options: Parameters<Messenger["createInvite"]>[0]): Promise<InviteView> {
    return this.#invites.create(options);
  }

  openInvites(): Promise<readonly InviteView[]> {
    return this.#invites.open();
  }

  withdrawInvite(id: InviteId): Promise<void> {
    return this.#invites.withdraw(id);
  }

  readonly readInvite = async (text: string): Promise<InviteReading> => readInvite(this.#core, text);

  acceptInvite(text: string): ReturnType<Messenger["acceptInvite"]> {
    return this.#invites.accept(text);
  }

  async threads(): Promise<readonly ThreadView[]> {
    return threadViews(this.#core, this.#peers.presence);
  }

  readonly messages = (thread: ThreadId, query: PageQuery): Promise<MessagesPage> =>
    readPage(this.#core, thread, query);

  send(thread: ThreadId, text: string): Promise<SendResult> {
    return this.#outgoing.send(thread, text);
  }

  editPending(thread: ThreadId, message: string, text: string): Promise<PendingChange> {
    return this.#outgoing.edit(thread, message, text);
  }

  cancelPending(thread: ThreadId, message: string): Promise<PendingChange> {
    return this.#outgoing.cancel(thread, message);
  }

  saveDraft(thread: ThreadId, text: string): Promise<void> {
    return saveDraft(this.#core, thread, text);
  }

  async markRead(thread: ThreadId, order: string): Promise<void> {
    this.#peers.tellRead(await markRead(this.#core, thread, order));
  }

  renameContact(thread: ThreadId, privateName: string): Promise<void> {
    return renameContact(this.#core, thread, privateName);
  }

  async deleteConversation(thread: ThreadId): Promise<void> {
    const contact = this.#core.directory.contacts.get(thread as string as AccountId);
    if (contact === undefined) return this.groups.takeOff(thread);
    const peers = this.#peers.peersOf(contact.account);
    const deleting = deleteConversation(this.#core, thread);
    this.#peers.leave(peers);
    try {
      await deleting;
    } finally {
      this.#peers.rewant();
    }
    await this.#peers.couriers.forget(contact.account);
    this.#emit({ type: "thread-removed", thread });
    // A name that two had may need no tag any more.
    for (const id of this.#core.directory.threads.keys()) this.#core.threadChanged(id);
  }

  settings(): Promise<SettingsView> {
    return readSettings(this.#store);
  }

  async changeSettings(change: Partial<SettingsView>): Promise<void> {
    const settings = await changeSettings(this.#store, change);
    this.#emit({ type: "settings", settings });
    this.#peers.reaching.choose(settings);
    if (change.carriesFor !== undefined) await this.#peers.couriers.setCarries(settings.carriesFor === "contacts");
  }

  readonly carried = (): CarriedView => this.#peers.couriers.used;

  #tellThread(id: ThreadId, part: GroupPart): void {
    if (part === "receipts") this.#emit({ type: "receipts", thread: id, receipts: this.#core.receipts.viewOf(id) });
    const thread = part === "row" ? threadView(this.#core, this.#peers.presence, id) : undefined;
    if (thread !== undefined) this.#emit({ type: "thread", thread });
  }

  #emit(event: MessengerEvent): void {
    this.#pace.emit(event);
  }

  #tell(event: MessengerEvent): void {
    if (this.#isStopped && event.type !== "stopped") return;
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        // What was committed stays so: a listener's fault must not look like a failed command.
        this.#parts.reportBug(error);
      }
    }
  }

  #onBackgroundError(error: unknown): void {
    // The store told of its loss already.
    if (error instanceof FencedError || error instanceof StoreClosedError) return;
    if (error instanceof StoreFullError) this.#emit({ type: "store-trouble", trouble: "full" });
    else if (error instanceof StoreFailedError) this.#emit({ type: "store-trouble", trouble: "failed" });
    else if (!this.#isStopped) this.#parts.reportBug(error);
  }

  #stopFor(reason: StopReason): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#emit({ type: "stopped", reason });
    this.#core.fireAndForget(this.#peers.stop());
  }
}
