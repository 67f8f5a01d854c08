/** What every part of this folder works with. */
import type { ThreadId } from "../codec/ids.ts";
import type { Clock } from "../clock.ts";
import type { KeyBook } from "../epochs/key-book.ts";
import type { Suite } from "../crypto/suite.ts";
import type { Store } from "../store/store.ts";
import type { MessengerEvent } from "../views.ts";
import type { Directory } from "./directory.ts";
import type { Memberships } from "./memberships.ts";
import type { Receipts } from "./receipts.ts";
import type { SerialQueue } from "./serial-queue.ts";

export interface CoreContext {
  /** Fenced: a write fails once another instance took over. */
  readonly store: Store;
  readonly suite: Suite;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly memberships: Memberships;
  readonly receipts: Receipts;
  readonly keys: KeyBook;
  /** Changes of the own device list, one at a time. */
  readonly renewals: SerialQueue;
  emit(event: MessengerEvent): void;
  /** The row of a thread changed: listeners get its new view. */
  threadChanged(thread: ThreadId): void;
  /** Who has and has read own messages of a thread changed, likewise. */
  receiptsChanged(thread: ThreadId): void;
  /** Somebody asks, or a request was dealt with. */
  requestsChanged(): void;
  /** Runs on without anybody waiting. What fails is told to listeners, never lost. */
  fireAndForget(work: Promise<unknown>): void;
}
