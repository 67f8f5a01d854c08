/** Somebody with a device: opens and closes the app, writes, reads, and does with people what a person would. */
import type { PeerKey, ThreadId } from "../../src/core/codec/ids.ts";
import { bytesToHex } from "../../src/core/codec/bytes.ts";
import { createMessenger } from "../../src/core/messenger.ts";
import { MAX_CLOCK_LEAD_MS, timeOfClock } from "../../src/core/log/hybrid-clock.ts";
import { FencedError } from "../../src/core/store/fenced-store.ts";
import { StoreClosedError, StoreFailedError, StoreFullError } from "../../src/core/store/store.ts";
import type { Messenger, MessengerEvent, ThreadView } from "../../src/core/views.ts";
import { markIn, textOf } from "./ledger.ts";
import { type CommittedRow, Life } from "./life.ts";
import { Profile } from "./profile.ts";
import { markWithin, watchedSuite } from "./watched-suite.ts";
import type { SimWorld } from "./world.ts";

const MAX_TEXT_EXTRA = 400;
const STAMP_TOLERANCE_MS = 1_000;
const DECISION_MS = 60_000;

export type Ending = "stopped" | "killed" | "power cut";

export class SimPerson {
  readonly name: string;
  readonly index: number;
  readonly #world: SimWorld;
  profile: Profile;
  #skewMs = 0;
  /** The latest time that this device's clock showed before it was set last. */
  #latestMs = 0;
  /** Runs a build that speaks of things that today's does not know. */
  isNewer = false;
  #life: Life | undefined;
  #messenger: Messenger | undefined;
  #peer: PeerKey | undefined;
  #profiles = 1;

  constructor(world: SimWorld, index: number, name: string) {
    this.#world = world;
    this.index = index;
    this.name = name;
    this.profile = new Profile(name);
  }

  /** How far this device's clock is ahead of the world. */
  get skewMs(): number {
    return this.#skewMs;
  }

  set skewMs(skewMs: number) {
    this.#latestMs = this.latestMs;
    this.#skewMs = skewMs;
  }

  /** The latest time that this device's clock ever showed. */
  get latestMs(): number {
    return Math.max(this.#latestMs, this.#world.clock.now() + this.#skewMs);
  }

  get isOpen(): boolean {
    return this.#life !== undefined;
  }

  /** The messenger, while it runs and has a profile. */
  get messenger(): Messenger | undefined {
    return this.#life?.isGone === false ? this.#messenger : undefined;
  }

  get life(): Life | undefined {
    return this.#life;
  }

  get peer(): PeerKey | undefined {
    return this.#peer;
  }

  /** Starts the app over the profile. Resolves when it is connected, or never if it goes before that. */
  async open(): Promise<void> {
    if (this.#life !== undefined) return;
    const { profile } = this;
    profile.beforeOpening?.();
    profile.beforeOpening = undefined;
    const life = this.#newLife(profile);
    this.#life = life;
    this.#world.note(this, "opens");
    const world = this.#world;
    const messenger = createMessenger({
      store: life.store,
      storeClosed: new AbortController().signal,
      transport: life.transport(
        world.transportFor(this),
        (seed) => this.#started(seed),
        (bytes) => this.#checkWire(bytes),
      ),
      clock: world.clockFor(profile, life.clock),
      suite: watchedSuite(world.coreSuite, (marked) => world.checkOpened(profile, marked)),
      stretch: (passphrase, salt) => Promise.resolve(world.suite.mac(salt, passphrase)),
      appUrl: "https://chat.example/",
      reportBug: (error) => {
        if (!life.isGone) world.fail(`${this.name}: a bug is reported: ${describe(error)}`);
      },
    });
    messenger.subscribe((event) => {
      if (!life.isGone) this.#onEvent(event);
    });
    const known = await messenger.open();
    profile.account = (known ?? (await messenger.register(profile.name))).account;
    world.know(profile);
    this.#messenger = messenger;
    await messenger.connect();
    await this.#decideWhatWaits(messenger);
  }

  close(ending: Ending): void {
    const life = this.#life;
    const messenger = this.#messenger;
    if (life === undefined) return;
    this.#world.note(this, `is ${ending}`);
    this.#life = undefined;
    this.#messenger = undefined;
    const { profile } = this;
    if (ending === "stopped" && messenger !== undefined && !life.isGone) {
      messenger.stop().then(
        () => life.end(),
        (error: unknown) => this.#world.fail(`${this.name} could not stop: ${describe(error)}`),
      );
      return;
    }
    life.end();
    if (this.#peer !== undefined) this.#world.network.crash(this.#peer);
    if (ending === "power cut") profile.beforeOpening = () => profile.store.restore(profile.store.crashSnapshot());
  }

  /** The browser has cleared its storage; the next start makes a new account. */
  evict(): void {
    this.close("killed");
    this.#world.note(this, "loses the profile");
    this.profile.isLost = true;
    this.#profiles += 1;
    this.profile = new Profile(`${this.name} ${this.#profiles}`);
  }

  /** Does something with the running app, in the background. What a full disk refuses is refused. */
  act(work: (messenger: Messenger) => Promise<void>): void {
    const life = this.#life;
    const messenger = this.messenger;
    if (life === undefined || messenger === undefined) return;
    work(messenger).catch((error: unknown) => {
      if (!life.isGone && !isOfStore(error)) this.#world.fail(`${this.name}: ${describe(error)}`);
    });
  }

  write(thread: ThreadView): void {
    const world = this.#world;
    const { profile } = this;
    const room = world.roomOf(profile, thread);
    if (room === undefined || profile.account === undefined) return;
    const { account } = profile;
    const written = world.ledger.note({
      author: account,
      readers: room.readers,
      entitled: room.entitled,
      room: room.id,
      writtenAt: world.elapsedMs,
      after: profile.newest.get(room.id),
    });
    const text = textOf(written.index, 0, world.chance.whole(0, MAX_TEXT_EXTRA));
    this.act(async (messenger) => {
      const result = await messenger.send(thread.id, text);
      world.note(this, `wrote ${written.index}: ${result.kind}`);
      written.fate = result.kind === "sent" ? "certain" : "cancelled";
      if (result.kind === "sent") profile.noteOwn({ thread: thread.id, id: result.id, written });
    });
  }

  /** Changes or takes back something written of late, if it waits still. */
  changeMind(): void {
    const { chance } = this.#world;
    const settled = this.profile.own.filter(
      ({ written }) => written.versions.length === 1 && written.fate === "certain",
    );
    if (settled.length === 0) return;
    const { thread, id, written } = chance.pick(settled.slice(-4));
    const before = written.versions;
    if (chance.is(0.4)) {
      written.fate = "open";
      this.act(async (messenger) => {
        const { kind } = await messenger.cancelPending(thread, id);
        written.fate = kind === "done" ? "cancelled" : "certain";
        this.#world.note(this, `cancels ${written.index}: ${kind}`);
      });
      return;
    }
    const version = (before[0] ?? 0) + 1;
    written.versions = [...before, version];
    this.act(async (messenger) => {
      const { kind } = await messenger.editPending(thread, id, textOf(written.index, version, 5));
      written.versions = kind === "done" ? [version] : before;
      this.#world.note(this, `edits ${written.index}: ${kind}`);
    });
  }

  read(thread: ThreadId): void {
    const { profile } = this;
    this.act(async (messenger) => {
      const { messages } = await messenger.messages(thread, { at: "newest", limit: 20 });
      const last = messages.findLast((message) => !message.isPending);
      if (last === undefined) return;
      for (const { order, row } of await profile.timeline(thread)) {
        const marked = markIn(row.text);
        if (order <= last.order && marked !== undefined && row.author !== profile.account)
          profile.read.add(marked.index);
      }
      await messenger.markRead(thread, last.order);
    });
  }

  #newLife(profile: Profile): Life {
    const world = this.#world;
    return new Life({
      store: world.storeFor(profile),
      clock: world.clock,
      skewMs: () => this.skewMs,
      onRow: (row) => this.#onRow(profile, row),
      onCrash: () => world.onCrash(this),
    });
  }

  #onRow(profile: Profile, row: CommittedRow): void {
    const world = this.#world;
    if (row.table === "identity") profile.devices.add(row.value.device);
    if (row.table === "parcels") world.parcels.left += 1;
    if (row.table === "parcelReceipts" && row.value.bytes.length > 0) world.parcels.handedOver += 1;
    if (row.table === "logs") this.#checkStamp(profile, String(row.key[1]), row.value.headClock);
    const marked = row.table === "timeline" ? markIn(row.value.text) : undefined;
    if (marked === undefined) return;
    const written = world.ledger.of(marked);
    world.noteShown(profile, written);
    profile.seen.add(marked.index);
    profile.newest.set(written.room, marked.index);
  }

  /** Nobody stamps entries later than their own clock ever was, beyond what may be merged of others. */
  #checkStamp(profile: Profile, device: string, clock: string): void {
    const aheadMs = timeOfClock(clock) - this.latestMs;
    if (!profile.devices.has(device) || aheadMs <= MAX_CLOCK_LEAD_MS + STAMP_TOLERANCE_MS) return;
    this.#world.fail(`an entry of ${profile.name} is stamped later than their clock ever was`);
  }

  #started(seed: Uint8Array): void {
    this.#peer = bytesToHex(this.#world.suite.publicKey(seed)) as PeerKey;
    this.#world.knowPeer(this.#peer, this);
  }

  #checkWire(bytes: Uint8Array): void {
    if (markWithin(bytes) !== undefined) this.#world.fail(`${this.name} sends a text in clear`);
  }

  #onEvent(event: MessengerEvent): void {
    if (event.type === "requests") this.#acceptRequestsLater();
    if (event.type === "thread" && event.thread.kind === "direct" && event.thread.contact.listChange !== undefined) {
      const { id } = event.thread;
      this.#decideLater((messenger) => messenger.people.settleListChange(id));
    }
  }

  /** What an earlier start was asked and ended before the person had decided stands on the screen again. */
  async #decideWhatWaits(messenger: Messenger): Promise<void> {
    if (messenger.people.requests().length > 0) this.#acceptRequestsLater();
    for (const thread of await messenger.threads()) {
      if (thread.kind !== "direct" || thread.contact.listChange === undefined) continue;
      this.#decideLater((running) => running.people.settleListChange(thread.id));
    }
  }

  #acceptRequestsLater(): void {
    this.#decideLater(async (messenger) => {
      for (const { id } of messenger.people.requests()) await messenger.people.acceptRequest(id);
    });
  }

  #decideLater(work: (messenger: Messenger) => Promise<void>): void {
    this.#world.after(DECISION_MS, () => this.act(work));
  }
}

function isOfStore(error: unknown): boolean {
  return [StoreFullError, StoreFailedError, StoreClosedError, FencedError].some((kind) => error instanceof kind);
}

export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
