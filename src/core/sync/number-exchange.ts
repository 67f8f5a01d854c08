/**
 * Statements of a group on a link between two who take numbers (PROTOCOL, Statements): each tells by number what it holds and neither told
 * the other before, and asks one other at a time for what is newer there. So each clock comes to each member about once, and as what changed.
 */
import type { Clock } from "../clock.ts";
import { equalBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId } from "../codec/ids.ts";
import { type Cost, STATEMENT_COST } from "./allowance.ts";
import { FRAME, type Frame } from "./frames.ts";
import type { SyncHost } from "./host.ts";
import type { PeerLink } from "./peer-link.ts";
import {
  decodeStatementNumbers,
  encodeStatementNumbers,
  numberOfStatement,
  type StatementNumber,
  statementName,
} from "./statement-numbers.ts";
import type { StatementWants } from "./statement-wants.ts";

/** Both sides of a link tend to have the same to tell at the same time. */
const TURN_MS = 1_000;
/** Who was asked and has not answered by then is no longer waited for. */
const ASK_AGAIN_MS = 2_000;
/** The pause doubles with each question in vain; after so many it is asked again when something is new. */
const MOST_IN_VAIN = 6;
/** More rows are of no group. */
const MAX_TOLD = 4_096;
/** Work of an answer, with what it takes to put it together. */
const ANSWERS_PER_WORK = 4;

/** Of all links. */
export interface SharedWants {
  readonly clock: Clock;
  readonly wants: StatementWants;
}

type Host = Pick<
  SyncHost,
  "digestOfNumbers" | "mayTake" | "onClockChange" | "statementNumber" | "statementNumbers" | "statementSince"
>;

export class NumberExchange {
  readonly #host: Host;
  readonly #link: PeerLink;
  readonly #conversation: ConversationId;
  readonly #session: number;
  readonly #clock: Clock;
  readonly #wants: StatementWants;
  /** Whether what the peer's hello said covers device lists. */
  readonly #foldsLists: boolean;
  /** Highest number that was sent to the peer or told to it, or came from it, by name. */
  readonly #shared = new Map<string, number>();
  /** What the peer holds, by name: told, or sent and passed over here. Without what is held here as well. */
  readonly #theirs = new Map<string, StatementNumber>();
  #asksInVain = 0;
  #isAskingAgain = false;
  #isTelling = false;

  constructor(
    host: Host,
    link: PeerLink,
    conversation: ConversationId,
    session: number,
    shared: SharedWants,
    foldsLists = false,
  ) {
    this.#foldsLists = foldsLists;
    this.#host = host;
    this.#link = link;
    this.#conversation = conversation;
    this.#session = session;
    this.#clock = shared.clock;
    this.#wants = shared.wants;
  }

  /** Histories were compared, and the peer said with its hello that it holds statements of this digest. */
  begin(peerDigest: Uint8Array): void {
    if (!equalBytes(peerDigest, this.#host.digestOfNumbers(this.#conversation, this.#foldsLists))) return this.#tell();
    for (const row of this.#held()) this.#share(row);
  }

  /** Tells what neither side told the other, and asks for what could not be taken before. One side waits: most is told by then. */
  async tellInTurn(): Promise<void> {
    this.ask();
    if (this.#isTelling) return;
    this.#isTelling = true;
    if (!this.#link.isOpener) await this.#clock.delay(TURN_MS);
    this.#isTelling = false;
    this.#tell();
  }

  #tell(): void {
    if (!this.#isTheirs || this.#link.isClosed) return;
    const rows = this.#held().filter((row) => row.number > this.#sharedOf(row));
    for (const row of rows) this.#share(row);
    this.#send({ isWanted: false, rows });
  }

  /** A statement that was made here. */
  send(type: number, bytes: Uint8Array): void {
    const row = numberOfStatement(type, bytes);
    this.#answer(row, this.#sharedOf(row), { type, bytes });
  }

  /** A whole statement came. */
  note(type: number, bytes: Uint8Array): void {
    this.#told(numberOfStatement(type, bytes));
  }

  /** Resolves with what it cost. @throws DecodeError */
  async onNumbers({ payload }: Frame): Promise<Cost> {
    const { isWanted, rows } = decodeStatementNumbers(payload);
    if (isWanted) return this.#onWanted(rows);
    for (const row of rows) this.#told(row);
    this.#asksInVain = 0;
    this.ask();
    return STATEMENT_COST;
  }

  /** Resolves with what it cost. @throws DecodeError */
  async onClockChange({ payload }: Frame): Promise<Cost> {
    const taken = await this.#host.onClockChange(this.#conversation, payload);
    if (taken === "invalid") throw new DecodeError("a clock change that is not valid");
    const { device, number, lacking } = taken;
    this.#told({ kind: "clock", device, number });
    // Asked of the one who sent it, who has it for certain.
    if (lacking !== undefined) this.#send({ isWanted: true, rows: [{ kind: "clock", device, number: lacking }] });
    return STATEMENT_COST;
  }

  /** Asks for what the peer holds and this device does not, unless another was asked a moment ago. */
  ask(): void {
    if (this.#link.isClosed || this.#theirs.size === 0 || !this.#isTheirs) return;
    const rows: StatementNumber[] = [];
    let isLacking = false;
    for (const [name, { kind, device, number }] of this.#theirs) {
      const held = this.#host.statementNumber(this.#conversation, { kind, device });
      // Of somebody who is not known to be a member yet.
      if (held === undefined) continue;
      if (held >= number) {
        this.#theirs.delete(name);
        continue;
      }
      isLacking = true;
      const untilMs = this.#clock.monotonic() + ASK_AGAIN_MS;
      if (this.#wants.claim(this.#conversation, name, this.#clock.monotonic(), untilMs))
        rows.push({ kind, device, number: held });
    }
    this.#send({ isWanted: true, rows });
    if (isLacking) void this.#askAgain(rows.length > 0);
  }

  async #askAgain(hasAsked: boolean): Promise<void> {
    if (hasAsked) this.#asksInVain = Math.min(this.#asksInVain + 1, MOST_IN_VAIN);
    if (this.#isAskingAgain || this.#asksInVain === MOST_IN_VAIN) return;
    this.#isAskingAgain = true;
    await this.#clock.delay(ASK_AGAIN_MS * 2 ** Math.max(0, this.#asksInVain - 1));
    this.#isAskingAgain = false;
    this.ask();
  }

  #onWanted(rows: readonly StatementNumber[]): Cost {
    let answers = 0;
    for (const row of rows) {
      // A few bytes are answered with many: whoever does not read those before gets no more.
      if (this.#link.isCongested) break;
      const held = this.#host.statementNumber(this.#conversation, row) ?? 0;
      if (held <= row.number) continue;
      this.#answer({ ...row, number: held }, row.number, undefined);
      answers += 1;
    }
    return { work: STATEMENT_COST.work + answers / ANSWERS_PER_WORK, bytes: 0 };
  }

  #answer(
    row: StatementNumber,
    since: number,
    whole: { readonly type: number; readonly bytes: Uint8Array } | undefined,
  ): void {
    if (!this.#isTheirs) return;
    const statement = this.#host.statementSince(this.#conversation, row, since) ?? whole;
    if (statement === undefined) return;
    this.#share(row);
    this.#link.send(statement.type, this.#session, statement.bytes);
  }

  #send(numbers: { readonly isWanted: boolean; readonly rows: readonly StatementNumber[] }): void {
    if (!this.#isTheirs) return;
    for (const payload of encodeStatementNumbers(numbers))
      this.#link.send(FRAME.statementNumbers, this.#session, payload);
  }

  #held(): readonly StatementNumber[] {
    return [...this.#host.statementNumbers(this.#conversation).values()].filter(({ number }) => number > 0);
  }

  #told(row: StatementNumber): void {
    this.#share(row);
    const name = statementName(row);
    const isNewer = row.number > (this.#theirs.get(name)?.number ?? 0);
    if (isNewer && (this.#theirs.has(name) || this.#theirs.size < MAX_TOLD)) this.#theirs.set(name, row);
  }

  #share(row: StatementNumber): void {
    if (!this.#shared.has(statementName(row)) && this.#shared.size >= MAX_TOLD) return;
    this.#shared.set(statementName(row), Math.max(row.number, this.#sharedOf(row)));
  }

  #sharedOf(row: StatementNumber): number {
    return this.#shared.get(statementName(row)) ?? 0;
  }

  get #isTheirs(): boolean {
    return this.#host.mayTake(this.#conversation, this.#link.peer);
  }
}
