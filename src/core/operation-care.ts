/** Sees to it that all members have the operations that others rest on, also where logs part (PROTOCOL, Forks). */
import type { ConversationId, DeviceId, PeerKey } from "./codec/ids.ts";
import {
  missingOperations,
  newestOperations,
  readOperations,
  takeOperation,
} from "./conversations/apart-operations.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { type EntryParts, sizeOf } from "./log/entry.ts";
import type { Cost } from "./sync/allowance.ts";
import { FRAME, type Frame } from "./sync/frames.ts";
import { decodeOperationsWanted, encodeOperationsWanted } from "./sync/operation-frames.ts";
import { decodeEntryFrame, encodeEntryFrame } from "./sync/payloads.ts";
import type { Sync } from "./sync/sync.ts";

/** The same is not asked for twice within this: several things at a meeting lead to asking. */
const ASK_PAUSE_MS = 1_000;
/** Logs are read for it. */
const WANTED_COST: Cost = { work: 20, bytes: 0 };
/** A signature, and the group judged anew. */
const OPERATION_WORK = 5;

export class OperationCare {
  readonly #core: CoreContext;
  readonly #sync: () => Sync;
  /** What was asked for last, and when (monotonic). */
  readonly #asked = new Map<ConversationId, { readonly asking: string; readonly atMs: number }>();
  readonly #changed: (conversation: ConversationId) => void;

  /** `changed`: who belongs to a group may have changed. */
  constructor(core: CoreContext, sync: () => Sync, changed: (conversation: ConversationId) => void) {
    this.#core = core;
    this.#sync = sync;
    this.#changed = changed;
  }

  /** Asks for what known operations rest on: one peer, or all who are connected. */
  ask(conversation: ConversationId, peer?: PeerKey): void {
    const missing = missingOperations(this.#core, conversation);
    const asking = `${peer ?? ""} ${missing.join()}`;
    const nowMs = this.#core.clock.monotonic();
    const last = this.#asked.get(conversation);
    if (missing.length === 0 || (last?.asking === asking && nowMs - last.atMs < ASK_PAUSE_MS)) return;
    this.#asked.set(conversation, { asking, atMs: nowMs });
    const wanted = encodeOperationsWanted(missing);
    if (peer === undefined) this.#sync().broadcast(conversation, FRAME.operationsWanted, wanted);
    else this.#send(conversation, peer, FRAME.operationsWanted, wanted);
  }

  /** A second history of this device's control log came: who has that one may lack what this one says. */
  tell(conversation: ConversationId, device: DeviceId): void {
    const telling = newestOperations(this.#core, conversation, device).then((operations) => {
      for (const parts of operations) this.#sync().broadcast(conversation, FRAME.operation, operationFrame(parts));
    });
    this.#core.fireAndForget(telling);
  }

  /** @throws DecodeError */
  async onFrame(conversation: ConversationId, peer: PeerKey, { type, payload }: Frame): Promise<Cost> {
    if (type === FRAME.operationsWanted) {
      const ids = decodeOperationsWanted(payload);
      for (const parts of await readOperations(this.#core, conversation, ids)) {
        this.#send(conversation, peer, FRAME.operation, operationFrame(parts));
      }
      return WANTED_COST;
    }
    const { parts } = decodeEntryFrame(payload);
    const isNew = await takeOperation(this.#core, conversation, parts);
    if (!isNew) return { work: OPERATION_WORK, bytes: 0 };
    this.#changed(conversation);
    this.ask(conversation, peer);
    return { work: OPERATION_WORK, bytes: sizeOf(parts) };
  }

  #send(conversation: ConversationId, peer: PeerKey, type: number, bytes: Uint8Array): void {
    this.#core.fireAndForget(this.#sync().sendTo(peer, conversation, type, bytes));
  }
}

function operationFrame(parts: EntryParts): Uint8Array {
  return encodeEntryFrame({ isLastOfBatch: true, parts });
}
