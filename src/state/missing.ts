/** What is known to exist in a conversation and is not here, once it is not here for a moment. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Messenger, MissingView, ThreadId } from "../core/views.ts";

/** What others tell of is mostly on its way: it is not worth a word. */
const SETTLE_MS = 3_000;
/** What is told already is told anew soon. */
const REFRESH_MS = 300;

export interface MissingModel {
  readonly missing: ReadonlySignal<readonly MissingView[]>;
  dispose(): void;
}

export function createMissing(messenger: Pick<Messenger, "holdings" | "subscribe">, thread: ThreadId): MissingModel {
  const missing = signal<readonly MissingView[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    timer ??= setTimeout(
      () => {
        timer = undefined;
        missing.value = messenger.holdings.missing(thread);
      },
      missing.value.length > 0 ? REFRESH_MS : SETTLE_MS,
    );
  };
  const unsubscribe = messenger.subscribe((event) => {
    const about = event.type === "thread" ? event.thread.id : "thread" in event ? event.thread : undefined;
    if (about === thread) look();
  });
  look();
  return {
    missing,
    dispose() {
      unsubscribe();
      clearTimeout(timer);
    },
  };
}
