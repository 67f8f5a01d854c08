/** Makes messages of what others wrote, inside the transaction that stores it: unsealed, put into the timeline, counted. */
import { CONTROL_CHANNEL, MESSAGE_CHANNEL, MESSAGE_KIND } from "../codec/entry.ts";
import type { AccountId, ConversationId, DeviceId, EntryId, ThreadId } from "../codec/ids.ts";
import { readOpening } from "../crypto/message-body.ts";
import type { AwaitedEnvelopes } from "../epochs/awaited-envelopes.ts";
import { EpochReader, type LearntPackage } from "../epochs/open.ts";
import { askedFor } from "../epochs/resend.ts";
import type { LogRange, Opened } from "../log/accept.ts";
import type { Entry } from "../log/entry.ts";
import { timeOfClock } from "../log/hybrid-clock.ts";
import type { LogState } from "../log/log-state.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { ThreadRow, TimelineRow } from "../store/tables.ts";
import { type Content, decodeContent } from "./content.ts";
import type { CoreContext } from "./core-context.ts";
import { changeOf, changeTimelineRow } from "./group-changes.ts";
import { letterOf } from "./letter-rows.ts";
import { orderOf, shownRank, timelineRow } from "./timeline.ts";

/** A message is called late when it stands this much above the newest one that was already here. */
const LATE_AFTER_MS = 60_000;

export interface Shown {
  readonly order: string;
  readonly row: TimelineRow;
}

/** Messages that a device cannot read and asks for. */
export interface ResendRequest {
  readonly requester: DeviceId;
  readonly ranges: readonly LogRange[];
}

export interface ReaderPlace {
  readonly conversation: ConversationId;
  readonly thread: ThreadId;
  /** The thread as it was before. */
  readonly row: Promise<ThreadRow>;
  readonly envelopes: ReadonlyMap<EntryId, Uint8Array>;
}

export class Reader {
  readonly shown: Shown[] = [];
  /** Lines about the group, which count as no messages. */
  readonly changes: Shown[] = [];
  readonly requests: ResendRequest[] = [];
  /** Early copies of messages that took their places as entries. */
  readonly replaced: Shown[] = [];
  readonly #core: CoreContext;
  readonly #tx: WriteTransaction;
  readonly #place: ReaderPlace;
  readonly #epochs: EpochReader;

  constructor(core: CoreContext, tx: WriteTransaction, place: ReaderPlace) {
    this.#core = core;
    this.#tx = tx;
    this.#place = place;
    const isGroup = core.directory.conversations.get(place.conversation)?.kind === "group";
    this.#epochs = new EpochReader(tx, {
      suite: core.suite,
      conversation: place.conversation,
      self: core.directory.self.device,
      logKeyOf: (device) => core.directory.logKeyOf(device),
      envelopes: place.envelopes,
      // Of two people the author alone has them, and sends them along.
      awaited: isGroup ? core.keys.awaitedOf(place.conversation, core.directory.self.device) : undefined,
    });
  }

  get learnt(): readonly LearntPackage[] {
    return this.#epochs.learnt;
  }

  /** What was sealed to this device and is still to come. */
  get awaited(): AwaitedEnvelopes | undefined {
    return this.#epochs.awaited;
  }

  /** An envelope that came after its rekey. Whether more can be read now. */
  openLate(entry: Entry, envelope: Uint8Array): Promise<boolean> {
    return this.#epochs.openLate(entry, envelope);
  }

  /**
   * Keys, and what others ask for: taken in as they are stored. Were they to wait for what they were written after, whoever cannot read
   * that could neither ask for it nor be answered.
   */
  async takeControl(fresh: readonly Entry[]): Promise<void> {
    for (const entry of fresh) {
      if (entry.header.channel !== CONTROL_CHANNEL) continue;
      await this.#epochs.openControl(entry);
      const ranges = askedFor(entry);
      if (ranges.length > 0) this.requests.push({ requester: entry.header.device, ranges });
    }
  }

  async open(entry: Entry, rank: string, recovered: Uint8Array | undefined): Promise<Opened> {
    const { channel, kind, commitment } = entry.header;
    if (channel === CONTROL_CHANNEL) {
      const shownAt = this.#showChange(entry, rank);
      return { kind: "opened", ...(shownAt === undefined ? {} : { shownAt }) };
    }
    if (channel !== MESSAGE_CHANNEL || kind !== MESSAGE_KIND.content) {
      return { kind: "opened", shownAt: await this.#show(entry, rank, UNSUPPORTED) };
    }
    if (recovered !== undefined) {
      await this.#epochs.passMessage(entry);
      const content = readOpening(this.#core.suite, commitment, recovered);
      const shownAt = await this.#show(entry, rank, content === undefined ? BROKEN : decodeContent(content));
      return { kind: "opened", shownAt };
    }
    const opened = await this.#epochs.openMessage(entry);
    if (opened.kind === "no-key") return { kind: "unreadable" };
    if (opened.kind === "broken") return { kind: "opened", shownAt: await this.#show(entry, rank, BROKEN) };
    const shownAt = await this.#show(entry, rank, decodeContent(opened.content));
    return { kind: "opened", shownAt, opening: opened.opening };
  }

  /** Before the transaction ends. What was sealed to this device was opened as it came: none of it is kept for later. */
  finish(logs: ReadonlyMap<string, LogState>): void {
    this.#epochs.finish(logs, []);
  }

  #showChange({ header, id, parts }: Entry, rank: string): string | undefined {
    const { conversation, thread } = this.#place;
    const state = this.#core.memberships.of(conversation);
    const author = this.#core.directory.accountOfDevice(header.device);
    if (state === undefined || author === undefined) return undefined;
    const change = changeOf(state, { header, id, body: parts.body, author });
    if (change === undefined) return undefined;
    const order = orderOf(rank, header);
    const row = changeTimelineRow(this.#core, { conversation, id, header, author, change });
    this.#tx.put("timeline", [thread, order], row);
    this.changes.push({ order, row });
    return order;
  }

  async #show({ header, id }: Entry, rank: string, content: ShownContent): Promise<string | undefined> {
    const author = this.#core.directory.accountOfDevice(header.device);
    if (author === undefined) return undefined;
    const { conversation, thread } = this.#place;
    const isDirect = this.#core.directory.conversations.get(conversation)?.kind === "direct";
    const shownAt = isDirect && content.kind === "text" ? shownRank(rank, content) : rank;
    const order = orderOf(shownAt, header);
    const threadRow = await this.#place.row;
    const letter = await this.#replaceLetter(threadRow, author, content);
    const row = timelineRow({
      id: letter?.row.id ?? id,
      conversation,
      author,
      device: header.device,
      seq: header.seq,
      kind: content.kind,
      text: content.kind === "text" ? content.text : "",
      writtenAt: content.writtenAt,
      clock: header.clock,
      now: this.#core.clock.now(),
      isLate: letter === undefined && isLate(threadRow, order, shownAt),
    });
    this.#tx.put("timeline", [thread, order], row);
    this.shown.push({ order, row });
    return order;
  }

  /** The early copy of this message that was shown until now. */
  async #replaceLetter(thread: ThreadRow, author: AccountId, content: ShownContent): Promise<Shown | undefined> {
    if ((thread.letters ?? 0) === this.replaced.length || content.kind !== "text") return undefined;
    const letter = await letterOf(this.#tx, thread.id, author, content);
    if (letter === undefined) return undefined;
    this.#tx.delete("timeline", [thread.id, letter.order]);
    this.replaced.push(letter);
    return letter;
  }
}

type ShownContent = Content | { readonly kind: "broken"; readonly writtenAt: undefined };

const UNSUPPORTED: ShownContent = { kind: "unsupported", writtenAt: undefined };
const BROKEN: ShownContent = { kind: "broken", writtenAt: undefined };

function isLate(threadRow: ThreadRow, order: string, rank: string): boolean {
  const newest = threadRow.preview?.order;
  return newest !== undefined && order < newest && timeOfClock(newest.slice(0, 16)) - timeOfClock(rank) > LATE_AFTER_MS;
}
