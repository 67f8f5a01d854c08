/** The conversation list: every row, newest first. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { ThreadId, ThreadView } from "../core/views.ts";

export interface ThreadsModel {
  readonly list: ReadonlySignal<readonly ThreadView[]>;
  readonly unread: ReadonlySignal<number>;
  get(id: ThreadId): ThreadView | undefined;
  /** Undefined where it is no group. */
  groupName(id: ThreadId): string | undefined;
  replaceAll(threads: readonly ThreadView[]): void;
  upsert(thread: ThreadView): void;
  remove(id: ThreadId): void;
}

export function createThreads(): ThreadsModel {
  const byId = signal<ReadonlyMap<ThreadId, ThreadView>>(new Map());
  const list = computed(() => [...byId.value.values()].toSorted((a, b) => b.activeAt - a.activeAt));
  const get = (id: ThreadId): ThreadView | undefined => byId.value.get(id);
  return {
    list,
    unread: computed(() => list.value.reduce((sum, thread) => sum + thread.unread, 0)),
    get,
    groupName(id) {
      const thread = get(id);
      return thread?.kind === "group" ? thread.name : undefined;
    },
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
