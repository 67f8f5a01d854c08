/**
 * Entries and statements from others, after sync moved them here: verified, stored with everything that follows from them in one
 * transaction, opened in causal order, and answered with a new clock of this device.
 */
import { CONTROL_CHANNEL, MESSAGE_CHANNEL } from "../codec/entry.ts";
import type { AccountId, ConversationId, DeviceId, EntryId, ThreadId } from "../codec/ids.ts";
import type { HeldEnvelope } from "../epochs/key-book.ts";
import { READER_TABLES } from "../epochs/open.ts";
import { openAnswer, type ResendAnswer } from "../epochs/resend.ts";
import {
  ACCEPT_TABLES,
  acceptBatch,
  type LogRange,
  type OpenEntry,
  resumeOpening,
  storedEntry,
} from "../log/accept.ts";
import { checkBatch } from "../log/check.ts";
import type { EntryParts } from "../log/entry.ts";
import { logName, type LogState, type PassedPiece } from "../log/log-state.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { ClockRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { dropSent } from "./drop-sent.ts";
import { groupLogsOf } from "./incoming-statements.ts";
import { putForkLines } from "./fork-lines.ts";
import { GroupIntake, INTAKE_TABLES } from "./group-intake.ts";
import { announceShown, noteShown } from "./note-shown.ts";
import { Reader, type ResendRequest } from "./reader.ts";
import { encodeClock, marksOf, tellingMarks } from "./statements.ts";
import { readThread } from "./thread-rows.ts";

const INCOMING_TABLES = [
  "timeline",
  "threads",
  "clocks",
  "outbox",
  ...INTAKE_TABLES,
  ...READER_TABLES,
  ...ACCEPT_TABLES,
] as const;

/** What entries led to, once it was committed. */
export interface Outcome {
  /** The new clock of this device, signed; undefined when nothing was new. */
  readonly clock: Uint8Array | undefined;
  /** Somebody published a key: what waits may be sealed to them. */
  readonly hasNewKeys: boolean;
  /** What cannot be read here. */
  readonly unreadable: readonly LogRange[];
  /** What others cannot read. */
  readonly requests: readonly ResendRequest[];
  /** What was sealed to this device did not come with the entry that names it. */
  readonly lacksEnvelopes: boolean;
  /** Who belongs to the group may have changed. */
  readonly hasNewMembers: boolean;
  /** Somebody who is no contact made this account a member of the group, and the person was not asked. */
  readonly addedBy: AccountId | undefined;
  /** Tells the screen; the clock is best sent before. */
  announce(): void;
}

export type IncomingResult =
  | ({
      readonly kind: "accepted";
      /** Highest seq received of each log, by log name. */
      readonly heights: ReadonlyMap<string, number>;
      /** Entries that were new here; 0: everything was held already. */
      readonly count: number;
      /** Pieces of logs that the batch was made of: each cost a signature check. */
      readonly runs: number;
      /** This device, if entries signed by it were new here: another copy of this profile has written on. */
      readonly rolledBack: DeviceId | undefined;
      /** What of a group could not be taken now. */
      readonly passedOver: readonly PassedPiece[];
      /** Devices of whose control log a second history came. */
      readonly forkedControl: readonly DeviceId[];
    } & Outcome)
  | { readonly kind: "unlinked" }
  | { readonly kind: "rejected" };

export async function acceptEntries(
  core: CoreContext,
  conversation: ConversationId,
  batch: readonly EntryParts[],
  envelopes: ReadonlyMap<EntryId, Uint8Array>,
): Promise<IncomingResult> {
  const { directory, suite } = core;
  if (!directory.conversations.has(conversation)) return { kind: "rejected" };
  const group = groupLogsOf(core, conversation);
  const checked = await checkBatch(suite, core.clock, conversation, batch, (device) =>
    directory.isMemberDevice(conversation, device) ? directory.logKeyOf(device) : undefined,
  );
  if (checked.kind === "rejected") return { kind: "rejected" };
  // Nothing is begun once a deletion has taken its turn.
  const thread = directory.conversations.get(conversation)?.thread;
  if (thread === undefined) return { kind: "unlinked" };

  const heights = new Map<string, number>();
  for (const { device, channel, entries } of checked.runs) {
    heights.set(logName(device, channel), entries.at(-1)?.header.seq ?? 0);
  }
  const ownDevice = directory.self.device;
  const intake = group !== undefined ? new GroupIntake(core, conversation) : undefined;
  const store = () =>
    storeOpened(
      core,
      conversation,
      thread,
      envelopes,
      async (tx, open, reader) => {
        const accepted = await acceptBatch(tx, conversation, checked.runs, open, {
          group,
          take: async (fresh, logs) => {
            await intake?.take(tx, fresh, logs);
            await reader.takeControl(fresh);
          },
        });
        if (accepted.kind === "unlinked" || accepted.count + accepted.forked.size === 0) return { result: accepted };
        reader.changes.push(...putForkLines(core, tx, { conversation, thread }, accepted.logs, accepted.forked));
        return { result: accepted, opened: accepted };
      },
      intake,
    );
  const { result, outcome } = await (intake === undefined ? store() : core.memberships.inTurn(conversation, store));
  if (result.kind === "unlinked") return { kind: "unlinked" };
  const ownLogs = [CONTROL_CHANNEL, MESSAGE_CHANNEL].map((channel) => logName(ownDevice, channel));
  return {
    kind: "accepted",
    heights,
    count: result.count,
    runs: checked.runs.length,
    rolledBack: ownLogs.some((name) => result.grown.has(name) || result.forked.has(name)) ? ownDevice : undefined,
    passedOver: result.passedOver,
    forkedControl: checked.runs
      .filter(({ device, channel }) => channel === CONTROL_CHANNEL && result.forked.has(logName(device, channel)))
      .map(({ device }) => device),
    ...outcome,
  };
}

/** Takes in answers to what could not be read here. Those that do not fit are passed over. */
export async function acceptAnswers(
  core: CoreContext,
  conversation: ConversationId,
  answers: readonly ResendAnswer[],
): Promise<Outcome | undefined> {
  const thread = core.directory.conversations.get(conversation)?.thread;
  if (thread === undefined) return undefined;
  const { outcome } = await storeOpened(core, conversation, thread, new Map(), async (tx, open) => {
    let isNew = false;
    for (const answer of answers) {
      for (const { device, channel, seq, opening, row } of await openAnswer(tx, core.suite, conversation, answer)) {
        tx.put("entries", [conversation, device, channel, seq], { ...row, opening });
        isNew = true;
      }
    }
    return isNew
      ? { result: undefined, opened: await resumeOpening(tx, conversation, open, groupLogsOf(core, conversation)) }
      : { result: undefined };
  });
  return outcome;
}

/** Takes in what was sealed to this device, after the rekey that names it. */
export async function acceptEnvelope(
  core: CoreContext,
  conversation: ConversationId,
  device: DeviceId,
  seq: number,
  envelope: Uint8Array,
): Promise<Outcome | undefined> {
  const thread = core.directory.conversations.get(conversation)?.thread;
  if (thread === undefined) return undefined;
  const { outcome } = await storeOpened(core, conversation, thread, new Map(), async (tx, open, reader) => {
    const row = await tx.get("entries", [conversation, device, CONTROL_CHANNEL, seq]);
    const isOpened = row !== undefined && (await reader.openLate(storedEntry(row), envelope));
    return isOpened
      ? { result: undefined, opened: await resumeOpening(tx, conversation, open, groupLogsOf(core, conversation)) }
      : { result: undefined };
  });
  return outcome;
}

/** Opens what is held unread, as far as that is possible now. */
export async function reopen(core: CoreContext, conversation: ConversationId): Promise<Outcome | undefined> {
  const thread = core.directory.conversations.get(conversation)?.thread;
  if (thread === undefined) return undefined;
  const { outcome } = await storeOpened(core, conversation, thread, new Map(), async (tx, open) => ({
    result: undefined,
    opened: await resumeOpening(tx, conversation, open, groupLogsOf(core, conversation)),
  }));
  return outcome;
}

interface OpenedLogs {
  readonly logs: ReadonlyMap<string, LogState>;
  readonly unreadable: readonly LogRange[];
}

/** Stores entries and all that follows from opening them, in one transaction. `work` resolves without `opened` if nothing was new. */
async function storeOpened<Result>(
  core: CoreContext,
  conversation: ConversationId,
  thread: ThreadId,
  envelopes: ReadonlyMap<EntryId, Uint8Array>,
  work: (
    tx: WriteTransaction,
    open: OpenEntry,
    reader: Reader,
  ) => Promise<{ readonly result: Result; readonly opened?: OpenedLogs }>,
  intake?: GroupIntake,
): Promise<{ readonly result: Result; readonly outcome: Outcome }> {
  const { directory } = core;
  const stored = await core.store.write(INCOMING_TABLES, "strict", async (tx) => {
    // All first reads are under way at once: a message is as late as its transaction is long.
    const row = readThread(tx, thread, core.clock.now());
    const heldClock = tx.get("clocks", [conversation, directory.self.device]);
    const reader = new Reader(core, tx, { conversation, thread, row, envelopes });
    const working = work(tx, (entry, rank, recovered) => reader.open(entry, rank, recovered), reader);
    const [threadRow, { result, opened }, held] = await Promise.all([row, working, heldClock]);
    if (opened === undefined) return { result, reader };
    reader.finish(opened.logs);
    const nextRow = noteShown(core, threadRow, reader.shown, reader.replaced);
    tx.put("threads", [thread], nextRow);
    const left = await dropSent(core, tx, thread, reader.shown);
    const clock = putOwnClock(core, tx, conversation, opened.logs, held?.number ?? 0, reader.awaited?.current);
    return { result, reader, opened, nextRow, clock, left };
  });

  const { reader, opened, left } = stored;
  const hasNewMembers = intake?.remember() ?? false;
  if (stored.nextRow !== undefined) directory.threads.set(thread, stored.nextRow);
  if (stored.clock !== undefined) core.receipts.putClock(conversation, directory.self.device, stored.clock);
  if (left !== undefined) directory.pending.set(thread, left.pending);
  for (const awaited of reader.awaited?.added ?? []) core.keys.noteEnvelope(conversation, awaited);
  core.keys.noteSettled(conversation, reader.awaited?.settled ?? []);
  for (const { device, number } of reader.learnt) core.keys.notePackage(conversation, device, number);
  if (opened !== undefined) noteOwnHeights(core, conversation, opened.logs);
  const outcome: Outcome = {
    clock: stored.clock?.bytes,
    hasNewKeys: reader.learnt.length > 0,
    unreadable: opened?.unreadable ?? [],
    requests: reader.requests,
    lacksEnvelopes: (reader.awaited?.added.length ?? 0) > 0,
    hasNewMembers,
    addedBy: intake?.addedBy,
    announce: () =>
      announceShown(core, thread, [...reader.shown, ...reader.changes], left?.removed ?? [], reader.replaced),
  };
  return { result: stored.result, outcome };
}

/** Puts a new clock of this device over the given logs; `heldNumber` is that of the clock it replaces, 0 if there is none. */
export function putOwnClock(
  core: CoreContext,
  tx: WriteTransaction,
  conversation: ConversationId,
  logs: ReadonlyMap<string, LogState>,
  heldNumber: number,
  awaited: readonly HeldEnvelope[] = [],
): ClockRow {
  const { device, logSeed } = core.directory.self;
  const number = heldNumber + 1;
  const marks = tellingMarks(marksOf(logs, awaited), logs);
  const row = { number, marks, bytes: encodeClock(core.suite, logSeed, { conversation, device, number, marks }) };
  tx.put("clocks", [conversation, device], row);
  return row;
}

function noteOwnHeights(core: CoreContext, conversation: ConversationId, logs: ReadonlyMap<string, LogState>): void {
  for (const { device, channel, row } of logs.values()) {
    if (channel === MESSAGE_CHANNEL && core.directory.isOwnDevice(device)) {
      core.receipts.noteOwnHeight(conversation, device, row.height);
    }
  }
}
