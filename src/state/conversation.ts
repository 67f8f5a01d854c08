/**
 * One open conversation: the slice of its history that stands on the screen, where to scroll, what is new, how far it was read.
 * Changes that arrive while a page is being read are applied again on top of it, so that none is lost between the two.
 */
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { MessageView, Messenger, MessengerEvent, PageQuery, ThreadId, ThreadView } from "../core/views.ts";
import type { PageLife } from "./app-ports.ts";
import type { ComposerModel } from "./composer.ts";
import { fireAndForget } from "./fire-and-forget.ts";
import { arrangeRows, type DayRows } from "./message-rows.ts";
import * as slice from "./message-window.ts";
import { isOfOthers } from "./of-others.ts";
import { createReadMarker, type ReadMarker } from "./read-marker.ts";
import { createSlowness } from "./slowness.ts";

const FIRST_PAGE_LIMIT = 80;

/** Asks the screen to scroll. A new object each time. */
export interface ScrollRequest {
  readonly to: "newest" | "first-new";
}

/** What the screen sees after it scrolled or rendered. */
export interface ScrollFacts {
  readonly isAtBottom: boolean;
  readonly isNearTop: boolean;
  readonly isNearBottom: boolean;
  /** The last message that is wholly on the screen. */
  readonly lastVisible: string | undefined;
}

export interface ConversationModel {
  readonly thread: ThreadId;
  /** Undefined until the first page was read. */
  readonly days: ReadonlySignal<readonly DayRows[] | undefined>;
  readonly hasOlder: ReadonlySignal<boolean>;
  readonly isAway: ReadonlySignal<boolean>;
  readonly scrollRequest: ReadonlySignal<ScrollRequest | undefined>;
  /** Being connected to the contact takes longer than it should. */
  readonly isSlow: ReadonlySignal<boolean>;
  readonly composer: ComposerModel;
  scrolled(facts: ScrollFacts): void;
  showNewest(): void;
  cancel(message: MessageView): void;
  handle(event: MessengerEvent): void;
  dispose(): void;
}

export interface ConversationNeeds {
  readonly messenger: Messenger;
  readonly page: PageLife;
  readonly thread: ThreadId;
  readonly composer: ComposerModel;
  readonly view: () => ThreadView | undefined;
  readonly onCancelled: () => void;
  readonly onFailure: (error: unknown) => void;
}

export function createConversation(needs: ConversationNeeds): ConversationModel {
  const { messenger, thread, page, onFailure } = needs;
  const shown = signal<slice.MessageWindow | undefined>(undefined);
  const firstNew = signal<string | undefined>(undefined);
  const isAway = signal(false);
  const scrollRequest = signal<ScrollRequest | undefined>(undefined);
  const slowness = createSlowness(() => needs.view()?.path.kind === "connecting");
  let facts: ScrollFacts = { isAtBottom: true, isNearTop: false, isNearBottom: false, lastVisible: undefined };
  let marker: ReadMarker | undefined;
  let isDisposed = false;

  let meanwhile: MessengerEvent[] | undefined;
  let isNewestWanted = false;
  const load = async (
    query: PageQuery,
    use: (page: Awaited<ReturnType<Messenger["messages"]>>) => void,
  ): Promise<void> => {
    if (meanwhile !== undefined) return;
    meanwhile = [];
    try {
      const loaded = await messenger.messages(thread, query);
      if (!isDisposed) use(loaded);
    } finally {
      const missed = meanwhile;
      meanwhile = undefined;
      for (const event of missed) handle(event);
      if (isNewestWanted) showNewest();
    }
  };
  const loadFirst = async (): Promise<void> => {
    const hasUnread = (needs.view()?.unread ?? 0) > 0;
    await load({ at: hasUnread ? "unread" : "newest", limit: FIRST_PAGE_LIMIT }, (loaded) => {
      marker = createReadMarker(messenger, thread, loaded.readUpTo, onFailure);
      const unread = loaded.messages.find((message) => isOfOthers(message) && message.order > loaded.readUpTo);
      firstNew.value = hasUnread ? unread?.id : undefined;
      scrollRequest.value = { to: firstNew.value === undefined ? "newest" : "first-new" };
      shown.value = slice.windowOfPage(loaded, firstNew.value);
    });
  };
  const loadEdge = (side: slice.Side): void => {
    const now = shown.value;
    const edge = side === "older" ? now?.messages[0] : now?.messages.at(-1);
    if (now === undefined || edge === undefined || meanwhile !== undefined) return;
    if (side === "older" ? !now.hasOlder : !now.hasNewer) return;
    const query: PageQuery = { at: side === "older" ? "before" : "after", order: edge.order, limit: slice.PAGE_LIMIT };
    const work = load(query, (loaded) => {
      const longer = slice.extend(shown.value ?? now, side, loaded);
      shown.value = slice.trim(longer, side === "older" ? "newer" : "older");
    });
    fireAndForget(work, onFailure);
  };
  const showNewest = (): void => {
    isNewestWanted = meanwhile !== undefined;
    if (isNewestWanted) return;
    if (shown.value?.hasNewer !== true) {
      scrollRequest.value = { to: "newest" };
      return;
    }
    const work = load({ at: "newest", limit: FIRST_PAGE_LIMIT }, (loaded) => {
      scrollRequest.value = { to: "newest" };
      shown.value = slice.windowOfPage(loaded);
    });
    fireAndForget(work, onFailure);
  };

  const markSeen = (): void => {
    const messages = shown.value?.messages;
    if (messages === undefined || !page.isVisible()) return;
    const index = messages.findIndex((message) => message.id === facts.lastVisible);
    for (let at = index; at >= 0; at -= 1) {
      const message = messages[at];
      if (message === undefined || !isOfOthers(message)) continue;
      return marker?.reached(message.order);
    }
  };
  const markNew = (upserts: readonly MessageView[]): void => {
    if (facts.isAtBottom && page.isVisible()) return;
    const unread = needs.view()?.unread ?? 0;
    const fresh = upserts.filter((message) => isOfOthers(message) && !message.isLate);
    // The line stays where it is while something below it is unread.
    if (fresh.length > 0 && unread <= fresh.length)
      firstNew.value = fresh.reduce((a, b) => (b.order < a.order ? b : a)).id;
  };
  const handle = (event: MessengerEvent): void => {
    if (event.type === "stopped" || !("thread" in event) || event.thread !== thread) return;
    if (meanwhile !== undefined) {
      meanwhile.push(event);
      return;
    }
    const now = shown.value;
    if (now === undefined) return;
    if (event.type === "receipts") shown.value = { ...now, receipts: event.receipts };
    if (event.type !== "messages") return;
    for (const message of event.upserts) if (isOfOthers(message)) marker?.arrived(message.order);
    const known = new Set(now.messages.map((message) => message.id));
    markNew(event.upserts.filter((message) => !known.has(message.id)));
    const changed = slice.applyChange(now, event.upserts, event.removed);
    shown.value = facts.isAtBottom
      ? slice.trim(changed, "older", slice.roomFor(event.upserts))
      : slice.trim(changed, "newer");
  };

  const stopVisible = page.onVisible(() => markSeen());
  fireAndForget(loadFirst(), onFailure);

  return {
    thread,
    days: computed(() => {
      const now = shown.value;
      return now === undefined ? undefined : arrangeRows(now.messages, now.receipts, firstNew.value);
    }),
    hasOlder: computed(() => shown.value?.hasOlder === true),
    isAway,
    scrollRequest,
    isSlow: slowness.isSlow,
    composer: needs.composer,
    scrolled(next) {
      facts = next;
      isAway.value = !next.isAtBottom || shown.value?.hasNewer === true;
      markSeen();
      if (next.isNearTop) loadEdge("older");
      if (next.isNearBottom) loadEdge("newer");
    },
    showNewest,
    cancel(message) {
      const work = messenger.cancelPending(thread, message.id).then((result) => {
        if (result.kind === "done") needs.onCancelled();
      });
      fireAndForget(work, onFailure);
    },
    handle,
    dispose() {
      isDisposed = true;
      stopVisible();
      slowness.dispose();
      needs.composer.flush();
    },
  };
}
