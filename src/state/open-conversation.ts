/** The conversation that is open now, and what is being written in each: a text that was begun stays when another one opens. */
import { effect, signal, untracked, type ReadonlySignal } from "@preact/signals";
import type { Messenger, ThreadId } from "../core/views.ts";
import type { Announcer } from "./announcer.ts";
import type { AppPorts } from "./app-ports.ts";
import { createComposer, type ComposerModel } from "./composer.ts";
import { createConversation, type ConversationModel } from "./conversation.ts";
import type { ThreadsModel } from "./threads.ts";

export interface OpenConversation {
  readonly current: ReadonlySignal<ConversationModel | undefined>;
  /** The conversation was deleted, and what was being written in it. */
  forget(thread: ThreadId): void;
  /** Stores every draft now. */
  flushDrafts(): void;
}

export interface OpenConversationNeeds {
  readonly ports: () => AppPorts | undefined;
  /** The conversation to show, once its row is known. Reading it subscribes. */
  readonly thread: () => ThreadId | undefined;
  readonly threads: ThreadsModel;
  readonly announcer: Announcer;
  readonly onFailure: (error: unknown) => void;
}

export function createOpenConversation(needs: OpenConversationNeeds): OpenConversation {
  const { threads, announcer, onFailure } = needs;
  const current = signal<ConversationModel | undefined>(undefined);
  const composers = new Map<ThreadId, ComposerModel>();

  const composerOf = (thread: ThreadId, messenger: Messenger): ComposerModel => {
    const kept = composers.get(thread);
    if (kept !== undefined) return kept;
    const composer = createComposer({
      messenger,
      thread,
      draft: threads.get(thread)?.draft ?? "",
      onSent: () => current.value?.showNewest(),
      onChanged: () => announcer.announce({ kind: "changed" }),
      onFailure,
    });
    composers.set(thread, composer);
    return composer;
  };
  const make = (thread: ThreadId, { messenger, page }: AppPorts): ConversationModel =>
    createConversation({
      messenger,
      page,
      thread,
      composer: composerOf(thread, messenger),
      view: () => threads.get(thread),
      onCancelled: () => announcer.announce({ kind: "cancelled" }),
      onFailure,
    });

  effect(() => {
    const thread = needs.thread();
    const ports = needs.ports();
    if (thread === undefined || ports === undefined) return undefined;
    // Only another place makes another model, not every change of the list that making it reads.
    const model = untracked(() => make(thread, ports));
    current.value = model;
    return () => {
      model.dispose();
      current.value = undefined;
    };
  });

  return {
    current,
    forget: (thread) => void composers.delete(thread),
    flushDrafts() {
      for (const composer of composers.values()) composer.flush();
    },
  };
}
