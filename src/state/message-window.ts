/**
 * A contiguous slice of a conversation's messages, small enough for the page. Pure: pages and events go in, a new slice comes out.
 * `hasOlder` and `hasNewer` say whether the conversation goes on beyond its ends.
 */
import type { MessagesPage, MessageView, ReceiptsView } from "../core/views.ts";

/** The most messages that stand in the page at once. */
const WINDOW_LIMIT = 160;
/** How many are loaded at an edge: more than a screen full, and few enough to be drawn within a frame or two. */
export const PAGE_LIMIT = 40;

export interface MessageWindow {
  readonly messages: readonly MessageView[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
  readonly receipts: ReceiptsView;
}

export type Side = "older" | "newer";

export const EMPTY_WINDOW: MessageWindow = { messages: [], hasOlder: false, hasNewer: false, receipts: {} };

export function windowOfPage(page: MessagesPage): MessageWindow {
  const { messages, hasOlder, hasNewer, receipts } = page;
  return { messages, hasOlder, hasNewer, receipts };
}

/** Adds a page that was read at one end. */
export function extend(window: MessageWindow, side: Side, page: MessagesPage): MessageWindow {
  const known = new Set(window.messages.map((message) => message.id));
  const added = page.messages.filter((message) => !known.has(message.id));
  const receipts = page.receipts;
  if (side === "older") {
    return { ...window, messages: [...added, ...window.messages], hasOlder: page.hasOlder, receipts };
  }
  return { ...window, messages: [...window.messages, ...added], hasNewer: page.hasNewer, receipts };
}

/**
 * What changed in the store. Messages beyond an end that has not been reached yet stay outside: they are read when it is. One that is
 * shown stays shown wherever it moves: a waiting message stands above those that still wait when it becomes an entry.
 */
export function applyChange(
  window: MessageWindow,
  upserts: readonly MessageView[],
  removed: readonly string[],
): MessageWindow {
  const changed = new Map(upserts.map((message) => [message.id, message]));
  const gone = new Set(removed);
  const staying = window.messages
    .filter((message) => !gone.has(message.id))
    .map((message) => changed.get(message.id) ?? message)
    .toSorted(byOrder);
  const known = new Set(window.messages.map((message) => message.id));
  const first = staying[0]?.order;
  const last = staying.at(-1)?.order;
  const added = [...changed.values()].filter(
    (message) =>
      !gone.has(message.id) &&
      !known.has(message.id) &&
      (!window.hasOlder || first === undefined || message.order >= first) &&
      (!window.hasNewer || last === undefined || message.order <= last),
  );
  return { ...window, messages: added.length === 0 ? staying : [...staying, ...added].toSorted(byOrder) };
}

/** A backlog that runs through a window is drawn again and again: what is beyond the screen is then kept short. */
export function roomFor(added: readonly MessageView[]): number {
  return added.length > PAGE_LIMIT ? 2 * PAGE_LIMIT : WINDOW_LIMIT;
}

/** Cuts the slice down to the limit, at the end that is further from where the person reads. */
export function trim(window: MessageWindow, cutAt: Side, limit: number = WINDOW_LIMIT): MessageWindow {
  if (window.messages.length <= limit) return window;
  return cutAt === "older"
    ? { ...window, messages: window.messages.slice(-limit), hasOlder: true }
    : { ...window, messages: window.messages.slice(0, limit), hasNewer: true };
}

function byOrder(a: MessageView, b: MessageView): number {
  if (a.order === b.order) return 0;
  return a.order < b.order ? -1 : 1;
}
