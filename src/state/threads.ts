/** The conversation list: every row, newest first. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { ThreadId, ThreadView } from "../core/views.ts";

export interface ThreadsModel {
  readonly list: ReadonlySignal<readonly ThreadView[]>;
  readonly unread: ReadonlySignal<number>;
  get(id: ThreadId): ThreadView | undefined;
  replaceAll(threads: readonly ThreadView[]): void;
  upsert(thread: ThreadView): void;
  remove(id: ThreadId): void;
}

export function createThreads(): ThreadsModel {
  const byId = signal<ReadonlyMap<ThreadId, ThreadView>>(new Map());
  const list = computed(() => [...byId.value.values()].toSorted((a, b) => b.activeAt - a.activeAt));
  return {
    list,
    unread: computed(() => list.value.reduce((sum, thread) => sum + thread.unread, 0)),
    get: (id) => byId.value.get(id),
    replaceAll(threads) {
      byId.value = new Map(threads.map((thread) => [thread.id, thread]));
    },
    upsert(thread) {
      byId.value = new Map(byId.value).set(thread.id, thread);
    },
    remove(id) {
      byId.value = new Map([...byId.value].filter(([other]) => other !== id));
    },
  };
}
