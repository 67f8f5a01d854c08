/**
 * Signed statements on a link (PROTOCOL, Statements): sent all together where the other side holds others, which a digest tells, and
 * one by one as they are made.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, equalBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId } from "../codec/ids.ts";
import { type Cost, FREE, RESEND_ANSWER_COST, STATEMENT_COST } from "./allowance.ts";
import { FRAME, type Frame } from "./frames.ts";
import type { SyncHost } from "./host.ts";
import { NumberExchange, type SharedWants } from "./number-exchange.ts";
import type { Greet } from "./payloads.ts";
import type { PeerLink } from "./peer-link.ts";

/** As `HeldStatements` has it. */
const DIGEST_BYTES = 8;
const ASK = 0;
const REPLY = 1;
const NAME_BYTES = 16;

type Host = Pick<SyncHost, "mayTake" | "onResendAnswer" | "onStatement" | "statements">;

/** Of a group by numbers, with who takes them. */
export function createStatementExchange(
  host: SyncHost,
  link: PeerLink,
  { remote, shared }: { readonly remote: Greet; readonly shared: SharedWants },
  conversation: ConversationId,
  session: number,
): StatementExchange {
  const hasNumbers = remote.takesNumbers === true && host.isGroup(conversation);
  const numbers = hasNumbers
    ? new NumberExchange(host, link, conversation, session, shared, remote.foldsLists)
    : undefined;
  return new StatementExchange(host, link, conversation, session, numbers);
}

export class StatementExchange {
  readonly #host: Host;
  readonly #link: PeerLink;
  readonly #conversation: ConversationId;
  readonly #session: number;
  readonly #numbers: NumberExchange | undefined;
  /** Of what the peer was last known to hold. */
  #peerDigest: Uint8Array = new Uint8Array(0);
  /** What was sent to the peer on this link, or came from it. */
  readonly #exchanged = new Set<string>();
  /** How often the peer asked and nothing had not been sent yet. */
  #asksInVain = 0;

  constructor(host: Host, link: PeerLink, conversation: ConversationId, session: number, numbers?: NumberExchange) {
    this.#numbers = numbers;
    this.#host = host;
    this.#link = link;
    this.#conversation = conversation;
    this.#session = session;
  }

  get digest(): Uint8Array {
    return this.#host.statements(this.#conversation).digest;
  }

  notePeerDigest(digest: Uint8Array): void {
    this.#peerDigest = digest;
  }

  sendOne(type: number, bytes: Uint8Array): void {
    if (!this.#isTheirs) return;
    if (this.#numbers !== undefined && isReplaceable(type)) {
      this.#numbers.send(type, bytes);
      return;
    }
    this.#exchanged.add(nameOf(type, bytes));
    this.#link.send(type, this.#session, bytes);
  }

  /** Histories were compared. */
  begin(): void {
    if (this.#numbers === undefined) this.sendNew();
    else this.#numbers.begin(this.#peerDigest);
  }

  /** Who belongs to the conversation is known better now: statements that were passed over may be taken. */
  ask(): void {
    this.#numbers?.ask();
  }

  /** Statements, or which of them there are. Resolves with what it cost. @throws DecodeError */
  async onFrame(frame: Frame): Promise<Cost> {
    if (frame.type === FRAME.statementNumbers) return (await this.#numbers?.onNumbers(frame)) ?? FREE;
    if (frame.type === FRAME.clockChange) return (await this.#numbers?.onClockChange(frame)) ?? FREE;
    await this.take(frame);
    if (frame.type === FRAME.resendAnswer) return RESEND_ANSWER_COST;
    this.#numbers?.note(frame.type, frame.payload);
    return STATEMENT_COST;
  }

  /**
   * All that are held and were not exchanged on this link, unless the peer holds the same. As they are now: what was made since our
   * hello has not been sent. Whether there were any.
   */
  sendNew(): boolean {
    if (!this.#isTheirs) return false;
    const { all, digest } = this.#host.statements(this.#conversation);
    if (equalBytes(digest, this.#peerDigest)) return true;
    const unsent = all.filter(({ type, bytes }) => !this.#exchanged.has(nameOf(type, bytes)));
    for (const { type, bytes } of unsent) this.sendOne(type, bytes);
    return unsent.length > 0;
  }

  /** Tells what is held here by a digest: a peer that holds others sends them, and asks for ours. */
  tell(): void {
    if (this.#numbers === undefined) this.#sendDigest(ASK);
    else void this.#numbers.tellInTurn();
  }

  /** digest 8 | 0, or 1 for an answer 1. @throws DecodeError */
  onDigest({ payload }: Frame): void {
    const reader = new ByteReader(payload);
    const digest = reader.fixed(DIGEST_BYTES);
    const kind = reader.uint(1, REPLY);
    reader.end();
    // A few bytes are answered with many: whoever does not read those before gets no more.
    if (this.#link.isCongested) return;
    this.#peerDigest = digest;
    if (!this.sendNew() && kind === ASK) this.#sendAgain();
    if (kind === ASK && !equalBytes(this.#peerDigest, this.digest)) this.#sendDigest(REPLY);
  }

  /** @throws DecodeError for one that is not valid. */
  async take({ type, payload }: Frame): Promise<void> {
    const isFine =
      type === FRAME.resendAnswer
        ? await this.#host.onResendAnswer(this.#conversation, payload)
        : await this.#host.onStatement(this.#conversation, type, payload);
    if (!isFine) throw new DecodeError("a statement that is not valid");
    this.#exchanged.add(nameOf(type, payload));
  }

  /** A peer passes over what members state whom it does not know yet. It gets all of it again, but ever more rarely. */
  #sendAgain(): void {
    this.#asksInVain += 1;
    if (!Number.isInteger(Math.log2(this.#asksInVain))) return;
    this.#exchanged.clear();
    this.sendNew();
  }

  #sendDigest(kind: number): void {
    if (!this.#isTheirs) return;
    const payload = new ByteWriter().fixed(this.digest, DIGEST_BYTES).uint(kind, 1).finish();
    this.#link.send(FRAME.statementsDigest, this.#session, payload);
  }

  get #isTheirs(): boolean {
    return this.#host.mayTake(this.#conversation, this.#link.peer);
  }
}

function isReplaceable(type: number): boolean {
  return type === FRAME.clock || type === FRAME.read || type === FRAME.sealedRead;
}

/** A statement ends with its signature. */
function nameOf(type: number, bytes: Uint8Array): string {
  return `${type} ${bytesToHex(bytes.subarray(-NAME_BYTES))}`;
}
