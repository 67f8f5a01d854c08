/**
 * Entries from others, after `checkBatch`: links them to the held heads and stores them. A missing dependency never blocks storing,
 * only opening.
 */
import type { ConversationId, DeviceId } from "../codec/ids.ts";
import { decodeHeader } from "../codec/entry.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { EntryRow, LogRow } from "../store/tables.ts";
import { MAX_BATCH_ENTRIES, type Run } from "./check.ts";
import type { Entry } from "./entry.ts";
import type { GroupLogs } from "./group-logs.ts";
import { rankOf } from "./hybrid-clock.ts";
import { EMPTY_LOG, logName, type LogState, type PassedPiece, readLogs } from "./log-state.ts";

/** Logs that others may begin in a conversation of two, and in a group: three of each of 500 members. */
export const MAX_LOGS = 256;
export const MAX_GROUP_LOGS = 1_536;
/** Entries of a log that wait for others: many more than honest batches, which come in causal order, ever leave. */
export const MAX_UNOPENED = 4_096;

export type Opened =
  | {
      readonly kind: "opened";
      /** Where it stands in the timeline, if it is shown. */
      readonly shownAt?: string | undefined;
      /** What its body was sealed from. */
      readonly opening?: Uint8Array | undefined;
    }
  /** It cannot be read yet: it, and what follows it in its log, wait unopened. */
  | { readonly kind: "unreadable" };

/** What the conversation makes of an entry whose dependencies are all here; `recovered` is what its body was sealed from, if known. */
export type OpenEntry = (entry: Entry, rank: string, recovered: Uint8Array | undefined) => Promise<Opened>;

/** Entries of a log, both ends included. */
export interface LogRange {
  readonly device: DeviceId;
  readonly channel: number;
  readonly from: number;
  readonly to: number;
}

export type AcceptResult =
  | {
      readonly kind: "accepted";
      /** Entries that were new here. */
      readonly count: number;
      /** Names of the logs that grew. */
      readonly grown: ReadonlySet<string>;
      readonly logs: ReadonlyMap<string, LogState>;
      /** Names of logs of which another history than the one held here came, for the first time. */
      readonly forked: ReadonlySet<string>;
      /** What waits although everything it depends on is here: its first entry cannot be read. */
      readonly unreadable: readonly LogRange[];
      /** What does not follow on what is held. */
      readonly passedOver: readonly PassedPiece[];
    }
  /**
   * A run does not begin at the held head: a gap, or another history under the same seq (a fork). Or it would begin too many logs,
   * or let too many entries wait unopened. Nothing was stored.
   */
  | { readonly kind: "unlinked" };

/** Opening one takes a tenth of a millisecond or two. */
const OPENED_PER_TURN = 16;
/** No entry has it. */
const NO_SEQ = 0;

/** Tables that `acceptBatch` needs in its transaction; `open` may need more. */
export const ACCEPT_TABLES = ["logs", "entries"] as const;

/** How a conversation takes in new entries. */
export interface Intake {
  /**
   * Several others bring the same logs. Pieces that do not follow on what is held are left for later: whoever joins knows only then where
   * they begin. A log with two histories is what its device did: the one that is held stays, and nothing waits for the other. Among two
   * people either is refused.
   */
  readonly group: GroupLogs | undefined;
  /** Called before any of them is opened, in the order of their logs. It may let logs begin. */
  take(fresh: readonly Entry[], logs: Map<string, LogState>): Promise<void>;
}

/** Stores what is new of a checked batch, then opens every entry that has become ready, in causal order. */
export async function acceptBatch(
  tx: WriteTransaction,
  conversation: ConversationId,
  runs: readonly Run[],
  open: OpenEntry,
  intake?: Intake,
): Promise<AcceptResult> {
  const logs = await readLogs(tx, conversation);
  const hasOthers = intake?.group !== undefined;
  const maxLogs = hasOthers ? MAX_GROUP_LOGS : MAX_LOGS;
  const freshByLog = new Map<string, Entry[]>();
  const passedOver: PassedPiece[] = [];
  const forked = new Set<string>();
  let count = 0;
  for (const run of runs) {
    const name = logName(run.device, run.channel);
    const held = logs.get(name)?.row ?? EMPTY_LOG;
    const forkedAt = hasOthers ? forkOf(held, run) : undefined;
    if (forkedAt !== undefined) {
      if (forkedAt < (held.forkedAt ?? Infinity)) forked.add(name);
      const row = { ...held, forkedAt: Math.min(held.forkedAt ?? Infinity, forkedAt) };
      logs.set(name, { device: run.device, channel: run.channel, row });
      continue;
    }
    const fresh = run.entries.filter((entry) => entry.header.seq > held.height);
    const [first] = fresh;
    const last = fresh.at(-1);
    if (first === undefined || last === undefined) continue;
    if (hasOthers && first.header.seq > held.height + 1) {
      passedOver.push({ device: run.device, channel: run.channel, to: last.header.seq, triedAt: held.height });
      continue;
    }
    if (first.header.seq !== held.height + 1 || first.header.previous !== held.head) return { kind: "unlinked" };
    if (held.height === 0 && logs.size >= maxLogs && !logs.has(name)) return { kind: "unlinked" };
    if (last.header.seq - Math.max(held.opened, held.base) > MAX_UNOPENED + MAX_BATCH_ENTRIES)
      return { kind: "unlinked" };
    freshByLog.set(name, [...(freshByLog.get(name) ?? []), ...fresh]);
    count += fresh.length;
    const row = {
      ...held,
      height: last.header.seq,
      head: last.id,
      headClock: last.header.clock,
      verified: last.header.seq,
    };
    logs.set(name, { device: run.device, channel: run.channel, row });
  }
  const grown = new Set(freshByLog.keys());
  if (count + forked.size === 0) return { kind: "accepted", count, grown, logs, forked, unreadable: [], passedOver };
  await intake?.take([...freshByLog.values()].flat(), logs);

  const unreadable = await new Opening(tx, conversation, logs, freshByLog, intake?.group).run(open);
  return { kind: "accepted", count, grown, logs, forked, unreadable, passedOver };
}

/** Where these entries, which their device has signed, contradict what is held; undefined if they do not, as far as can be seen. */
function forkOf(held: LogRow, { entries }: Run): number | undefined {
  if (held.height === 0) return undefined;
  const rival = entries.find(({ header, id }) => header.seq === held.height && id !== held.head);
  const next = entries.find(({ header }) => header.seq === held.height + 1);
  if (rival !== undefined) return held.height;
  return next !== undefined && next.header.previous !== held.head ? held.height + 1 : undefined;
}

/** Opens what has become readable since it was stored. */
export async function resumeOpening(
  tx: WriteTransaction,
  conversation: ConversationId,
  open: OpenEntry,
  group?: GroupLogs,
): Promise<Pick<Extract<AcceptResult, { kind: "accepted" }>, "logs" | "unreadable">> {
  const logs = await readLogs(tx, conversation);
  const unreadable = await new Opening(tx, conversation, logs, new Map(), group).run(open);
  return { logs, unreadable };
}

interface HeldEntry extends Entry {
  readonly opening?: Uint8Array | undefined;
}

/** Opens entries in causal order within one transaction, reading each dependency once. */
class Opening {
  readonly #tx: WriteTransaction;
  readonly #conversation: ConversationId;
  readonly #logs: Map<string, LogState>;
  readonly #fresh: ReadonlyMap<string, readonly Entry[]>;
  readonly #group: GroupLogs | undefined;
  /** Ranks and ids of entries opened in this transaction, by "log/seq". */
  readonly #opened = new Map<string, { readonly id: string; readonly rank: string }>();
  /** By log name. */
  readonly #unreadable = new Map<string, LogRange>();
  #openedInTurn = 0;

  constructor(
    tx: WriteTransaction,
    conversation: ConversationId,
    logs: Map<string, LogState>,
    fresh: ReadonlyMap<string, readonly Entry[]>,
    group: GroupLogs | undefined,
  ) {
    this.#group = group;
    this.#tx = tx;
    this.#conversation = conversation;
    this.#logs = logs;
    this.#fresh = fresh;
  }

  async run(open: OpenEntry): Promise<readonly LogRange[]> {
    let hasProgress = true;
    while (hasProgress) {
      hasProgress = false;
      for (const name of this.#logs.keys()) while (await this.#openNext(name, open)) hasProgress = true;
    }
    for (const [name, fresh] of this.#fresh) {
      const opened = this.#logs.get(name)?.row.opened ?? 0;
      for (const entry of fresh) if (entry.header.seq > opened) this.#store(entry, undefined, undefined);
    }
    for (const { device, channel, row } of this.#logs.values()) {
      this.#tx.put("logs", [this.#conversation, device, channel], row);
    }
    return [...this.#unreadable.values()];
  }

  /** Opens the first unopened entry of a log, if there is one and it is ready. */
  async #openNext(name: string, open: OpenEntry): Promise<boolean> {
    const log = this.#logs.get(name);
    if (log === undefined || log.row.opened >= log.row.height || this.#unreadable.has(name)) return false;
    const from = Math.max(log.row.opened, log.row.base) + 1;
    const entry = await this.#entryAt(name, log, from);
    const rank = entry === undefined ? undefined : await this.#rankIfReady(name, entry);
    if (entry === undefined || rank === undefined) return false;
    const opened = await open(entry, rank, entry.opening);
    if (opened.kind === "unreadable") {
      this.#unreadable.set(name, { device: log.device, channel: log.channel, from, to: log.row.height });
      return false;
    }
    this.#store({ ...entry, opening: opened.opening ?? entry.opening }, rank, opened.shownAt);
    await this.#giveWay(log);
    return true;
  }

  /** Opening needs no request once keys are read, so a whole batch would be one task of the event loop. */
  async #giveWay(log: LogState): Promise<void> {
    this.#openedInTurn += 1;
    if (this.#openedInTurn < OPENED_PER_TURN) return;
    this.#openedInTurn = 0;
    // A request keeps the transaction open, and its answer is a task of its own.
    await this.#tx.get("entries", [this.#conversation, log.device, log.channel, NO_SEQ]);
  }

  /** Stored earlier, when it had to wait for a dependency, or fresh. */
  async #entryAt(name: string, log: LogState, seq: number): Promise<HeldEntry | undefined> {
    const fresh = this.#fresh.get(name);
    const firstFresh = fresh?.[0]?.header.seq ?? Infinity;
    if (seq >= firstFresh) return fresh?.[seq - firstFresh];
    const row = await this.#tx.get("entries", [this.#conversation, log.device, log.channel, seq]);
    return row === undefined ? undefined : storedEntry(row);
  }

  /** The rank of an entry whose dependencies are all opened; undefined while one is awaited, or is another entry than named. */
  async #rankIfReady(name: string, entry: Entry): Promise<string | undefined> {
    const own = this.#logs.get(name)?.row ?? EMPTY_LOG;
    const ranks = own.opened > own.base ? [own.headRank] : [];
    for (const dependency of entry.header.dependencies) {
      const dependencyName = logName(dependency.device, dependency.channel);
      const log = this.#logs.get(dependencyName)?.row ?? EMPTY_LOG;
      if (dependency.seq <= log.base || dependency.seq >= (log.forkedAt ?? Infinity)) continue;
      if (dependency.seq > log.height && this.#group?.isOutside(dependency.device) === true) continue;
      if (dependency.seq > log.opened) return undefined;
      const key = [this.#conversation, dependency.device, dependency.channel, dependency.seq];
      const held =
        this.#opened.get(`${dependencyName}/${dependency.seq}`) ??
        headOf(log, dependency.seq) ??
        (await this.#tx.get("entries", key));
      if (held === undefined) return undefined;
      if (!held.id.startsWith(dependency.idPrefix)) {
        // Its author holds the other history of that log.
        if (this.#group !== undefined) continue;
        return undefined;
      }
      ranks.push(held.rank);
    }
    return rankOf(entry.header.clock, ranks);
  }

  #store(entry: HeldEntry, rank: string | undefined, shownAt: string | undefined): void {
    const { device, channel, seq } = entry.header;
    const name = logName(device, channel);
    const log = this.#logs.get(name);
    if (rank !== undefined && log !== undefined) {
      this.#logs.set(name, { device, channel, row: { ...log.row, opened: seq, headRank: rank } });
      this.#opened.set(`${name}/${seq}`, { id: entry.id, rank });
    }
    this.#tx.put("entries", [this.#conversation, device, channel, seq], {
      id: entry.id,
      ...entry.parts,
      rank: rank ?? "",
      ...(entry.opening === undefined ? {} : { opening: entry.opening }),
      ...(shownAt === undefined ? {} : { shownAt }),
    });
  }
}

/** Most dependencies name the newest entry of a log, which its row knows. */
function headOf(log: LogRow, seq: number): { readonly id: string; readonly rank: string } | undefined {
  return seq === log.height && seq === log.opened ? { id: log.head, rank: log.headRank } : undefined;
}

export function storedEntry(row: EntryRow): HeldEntry {
  return {
    id: row.id,
    opening: row.opening,
    header: decodeHeader(row.header),
    parts: { header: row.header, signature: row.signature, body: row.body },
  };
}
