/**
 * Sync of one conversation over one link (PROTOCOL, Sync): hello, have, want, entries in causal order, then live push. Each side
 * runs the same states; only who says hello first differs.
 */
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId, PeerKey } from "../codec/ids.ts";
import { MAX_GROUP_LOGS } from "../log/accept.ts";
import { logName } from "../log/log-state.ts";
import type { ServedEntry } from "../log/serve.ts";
import { COMPARISON_COST, type Cost, FREE, STATEMENT_COST } from "./allowance.ts";
import { batchBytes, cutIntoBatches } from "./batches.ts";
import { BlockingWants } from "./blocking-wants.ts";
import { compare, haveRows } from "./compare.ts";
import { ArrivedEnvelopes, sendEnvelopes } from "./envelopes.ts";
import { FRAME, type Frame, isMemberFrame } from "./frames.ts";
import type { SyncHost } from "./host.ts";
import { HelloExchange } from "./hello-exchange.ts";
import {
  decodeHave,
  decodeWant,
  encodeEntryFrame,
  encodeHaves,
  encodeWant,
  MAX_HAVE_ROWS,
  type Greet,
  type HaveRow,
  type Hello,
} from "./payloads.ts";
import type { SharedWants } from "./number-exchange.ts";
import { PassedOver } from "./passed-over.ts";
import type { PeerLink } from "./peer-link.ts";
import { SentHeights } from "./sent-heights.ts";
import { createStatementExchange, type StatementExchange } from "./statement-exchange.ts";
import { takeEntries } from "./take-entries.ts";

type Phase =
  /** Our hello is out, the answer is not here. */
  | "hello"
  /** Histories differ: our `have` is out; waiting for theirs, then for their `want`. */
  | "comparing"
  /** Everything new is pushed as it comes. */
  | "live"
  | "ended";

export class Session {
  readonly conversation: ConversationId;
  readonly number: number;
  readonly #host: SyncHost;
  readonly #link: PeerLink;
  readonly #forward: (heights: ReadonlyMap<string, number>) => void;
  #phase: Phase = "hello";
  readonly #hellos: HelloExchange;
  readonly #statements: StatementExchange;
  readonly #sent = new SentHeights();
  #blocking: BlockingWants | undefined;
  readonly #envelopes = new ArrivedEnvelopes();
  readonly #passedOver: PassedOver;
  /** What of the other side's have came so far. */
  readonly #theirs: HaveRow[] = [];
  #hasHave = false;
  #isReady = false;
  #isPumping = false;
  #pumpAgain = false;

  /** `forward` is called after entries of the peer were stored, with its heights: others may lack them. */
  constructor(
    host: SyncHost,
    link: PeerLink,
    greets: { readonly own: Greet; readonly remote: Greet; readonly shared: SharedWants },
    conversation: ConversationId,
    number: number,
    forward: (heights: ReadonlyMap<string, number>) => void,
  ) {
    this.#forward = forward;
    this.#host = host;
    this.#link = link;
    this.#hellos = new HelloExchange(host, link, greets, conversation, number);
    this.conversation = conversation;
    this.number = number;
    this.#statements = createStatementExchange(host, link, greets, conversation, number);
    this.#passedOver = new PassedOver(host, link, conversation, number);
  }

  /** Whether a message sealed now would be pushed to this peer at once. */
  get isReady(): boolean {
    return this.#isReady && this.#phase === "live" && !this.#link.isClosed;
  }

  /** Whether this session still has comparing to do before the link is as good as an older one. */
  get isSettled(): boolean {
    return this.#phase === "live";
  }

  /** Whether the other side has said hello in this session. */
  get isAnswered(): boolean {
    return this.#phase !== "hello";
  }

  get peer(): PeerKey {
    return this.#link.peer;
  }

  get isEnded(): boolean {
    return this.#phase === "ended";
  }

  async sayHello(): Promise<void> {
    await this.#hellos.say();
  }

  /** The other side opened this session with this hello; the tag was already matched. */
  async answerHello(frame: Frame): Promise<void> {
    await this.#compareDigests(await this.#hellos.answer(frame));
  }

  /** Resolves with what it cost this device. @throws DecodeError for a frame that does not fit; the link is then closed. */
  async onFrames(frames: readonly [Frame, ...Frame[]]): Promise<Cost> {
    const [frame] = frames;
    if (this.#phase === "ended") return FREE;
    switch (frame.type) {
      case FRAME.hello:
      case FRAME.level:
        if (this.#phase !== "hello") throw new DecodeError("a second hello");
        await this.#compareDigests(this.#hellos.take(frame));
        return FREE;
      case FRAME.unknownConversation:
        this.#phase = "ended";
        return FREE;
      case FRAME.have:
        await this.#onHave(frame);
        return COMPARISON_COST;
      case FRAME.want:
        await this.#onWant(frame);
        return COMPARISON_COST;
      case FRAME.wantAgain:
        if (this.#phase === "live") this.#sent.lower(decodeWant(frame.payload));
        void this.pump();
        return COMPARISON_COST;
      case FRAME.entry:
        return this.#onEntries(frames);
      case FRAME.envelope:
        return this.#envelopes.take(frame.payload);
      case FRAME.statementsDigest:
        if (this.#phase === "live") this.#statements.onDigest(frame);
        return STATEMENT_COST;
      case FRAME.resendAnswer:
      case FRAME.clock:
      case FRAME.read:
      case FRAME.sealedRead:
      case FRAME.statementNumbers:
      case FRAME.clockChange:
        return this.#statements.onFrame(frame);
      default:
        if (!isMemberFrame(frame.type) || !this.#mayTake) return FREE;
        return this.#host.onMemberFrame(this.conversation, this.peer, frame);
    }
  }

  /** Entries were committed here; those given are pushed at once if nothing else is being sent. */
  push(entries: readonly ServedEntry[]): void {
    if (this.#phase !== "live") return;
    const canGoAtOnce = !this.#isPumping && !this.#link.isCongested && this.#mayTake;
    if (entries.length > 0 && canGoAtOnce && this.#sent.isNext(entries)) {
      for (const batch of cutIntoBatches(entries, this.#link.path)) this.#sendBatch(batch);
    } else void this.pump();
  }

  sendStatement(type: number, bytes: Uint8Array): void {
    if (this.#phase === "live" || this.#phase === "comparing") this.#statements.sendOne(type, bytes);
  }

  /** Resolves when the peer has room for more. */
  readonly drained = (): Promise<void> => this.#link.drained();

  /** Sends what the peer lacks, batch by batch, as fast as the link takes it. Never two at a time. */
  async pump(): Promise<void> {
    this.#pumpAgain = true;
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      while (this.#pumpAgain && this.#phase === "live" && !this.#link.isClosed) {
        this.#pumpAgain = false;
        await this.#becomeReady();
        const { lowerings } = this.#sent;
        const missing = this.#sent.missing(await this.#host.readLogs(this.conversation));
        if (missing.length === 0) continue;
        const bytes = batchBytes(this.#link.path);
        for (const batch of await this.#host.readBatches(this.conversation, missing, bytes, this.peer)) {
          // Read while the one before leaves.
          await this.#link.drained();
          if (!this.isEnded && lowerings === this.#sent.lowerings) this.#sendBatch(batch);
          this.#pumpAgain = true;
        }
      }
    } catch (error) {
      this.#link.close(error instanceof Error ? error : undefined);
    } finally {
      this.#isPumping = false;
    }
  }

  /** The peer turned out to have the logs up to these seqs. */
  notePeerHeights(heights: ReadonlyMap<string, number>): void {
    for (const [name, seq] of heights) this.#sent.raise(name, seq);
  }

  get #mayTake(): boolean {
    return this.#host.mayTake(this.conversation, this.peer);
  }

  #sendBatch(batch: readonly ServedEntry[]): void {
    // What the peer sent us itself while this batch was read is not sent back.
    const lacking = batch.filter((entry) => entry.seq > this.#sent.of(logName(entry.device, entry.channel)));
    sendEnvelopes(this.#host, this.#link, this, lacking);
    for (const [index, entry] of lacking.entries()) {
      const isLastOfBatch = index === lacking.length - 1;
      this.#link.send(FRAME.entry, this.number, encodeEntryFrame({ isLastOfBatch, parts: entry.parts }));
      this.#sent.set(logName(entry.device, entry.channel), entry.seq);
    }
  }

  async #compareDigests(remote: Hello): Promise<void> {
    this.#statements.notePeerDigest(remote.statements);
    if (this.#hellos.isLevel(remote)) {
      for (const [name, log] of this.#hellos.told) this.#sent.set(name, log.row.height);
      await this.#goLive();
      return;
    }
    this.#phase = "comparing";
    for (const part of encodeHaves(haveRows(this.#hellos.told))) this.#link.send(FRAME.have, this.number, part);
  }

  async #onHave(frame: Frame): Promise<void> {
    if (this.#phase !== "comparing" || this.#hasHave) throw new DecodeError("have at the wrong time");
    const { rows, hasMore } = decodeHave(frame.payload);
    this.#theirs.push(...rows);
    if (this.#theirs.length > MAX_GROUP_LOGS + MAX_HAVE_ROWS) throw new DecodeError("have of too many logs");
    if (hasMore) return;
    this.#hasHave = true;
    const logs = await this.#host.readLogs(this.conversation);
    const comparison = compare(logs, this.#theirs, (device) => this.#host.mayHold(this.conversation, device));
    const { wants, unreachable } = comparison;
    this.#sent.begin(comparison, logs);
    if (this.#host.isGroup(this.conversation)) this.#passedOver.note(unreachable);
    this.#blocking = new BlockingWants(this.#host, this.conversation, this.peer, wants);
    this.#passedOver.note(wants.slice(MAX_HAVE_ROWS).map((range) => ({ ...range, triedAt: undefined })));
    this.#link.send(FRAME.want, this.number, encodeWant(wants.slice(0, MAX_HAVE_ROWS)));
  }

  async #onWant(frame: Frame): Promise<void> {
    if (this.#phase !== "comparing" || !this.#hasHave) throw new DecodeError("want at the wrong time");
    this.#sent.noteWants(decodeWant(frame.payload), this.#hellos.told);
    await this.#goLive();
  }

  /** The conversation has changed here: what could not be taken before is asked for. */
  async reconsider(): Promise<void> {
    if (this.#phase !== "live") return;
    this.#statements.ask();
    await this.#passedOver.ask();
  }

  async #goLive(): Promise<void> {
    this.#phase = "live";
    await this.#becomeReady();
    await this.reconsider();
    void this.#catchUp();
  }

  /** What the peer lacks, and then how far everybody is: who made a statement may be known only by the entries. */
  async #catchUp(): Promise<void> {
    await this.pump();
    if (this.#phase === "live") this.#statements.begin();
  }

  /** Tells by a digest what statements are held here. */
  tellStatements(): void {
    if (this.#phase === "live") this.#statements.tell();
  }

  async #onEntries(frames: readonly Frame[]): Promise<Cost> {
    if (this.#phase === "hello") throw new DecodeError("entries before hello");
    const taken = await takeEntries(this.#host, this, frames, this.#envelopes.byEntry, (heights) => {
      this.notePeerHeights(heights);
      this.#forward(heights);
    });
    this.#passedOver.note(taken.passedOver);
    if (taken.hasStopped) this.#phase = "ended";
    else await this.#becomeReady();
    await this.reconsider();
    return taken.cost;
  }

  async #becomeReady(): Promise<void> {
    if (this.#isReady || this.#phase !== "live") return;
    if ((await this.#blocking?.isOpen()) === true) return;
    this.#isReady = true;
    this.#host.onReady(this.conversation, this.#link.peer);
  }
}
