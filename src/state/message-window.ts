/**
 * A contiguous slice of a conversation's messages, small enough for the page. Pure: pages and events go in, a new slice comes out.
 * `hasOlder` and `hasNewer` say whether the conversation goes on beyond its ends.
 */
import type { MessagesPage, MessageView, ReceiptsView } from "../core/views.ts";

/** The most messages that stand in the page at once. */
const WINDOW_LIMIT = 160;
/** And the most letters, since laying them out costs as much as they are long: some ten screens of nothing but long messages. */
const WINDOW_LETTERS = 48_000;
/** The most letters that are added at an edge, so that what is being read stays when the other end is cut. */
const PAGE_LETTERS = 16_000;
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

/** What of a page is shown at first: all, or as much as may stand in the page, around the message with this id, else at its end. */
export function windowOfPage({ messages, hasOlder, hasNewer, receipts }: MessagesPage, around?: string): MessageWindow {
  const found = messages.findIndex((message) => message.id === around);
  let from = found === -1 ? messages.length : found;
  let to = from;
  let letters = 0;
  let isWhole = false;
  while (!isWhole) {
    const next = [messages[to], messages[from - 1]] as const;
    isWhole = true;
    for (const [side, message] of next.entries()) {
      if (message === undefined || letters + lettersOf(message) > WINDOW_LETTERS) continue;
      letters += lettersOf(message);
      if (side === 0) to += 1;
      else from -= 1;
      isWhole = false;
    }
  }
  return {
    messages: messages.slice(from, to),
    hasOlder: hasOlder || from > 0,
    hasNewer: hasNewer || to < messages.length,
    receipts,
  };
}

/** Adds a page that was read at one end, or the part of it next to that end where it is long. */
export function extend(window: MessageWindow, side: Side, page: MessagesPage): MessageWindow {
  const known = new Set(window.messages.map((message) => message.id));
  const added = page.messages.filter((message) => !known.has(message.id));
  const receipts = page.receipts;
  if (side === "older") {
    const next = added.slice(-fitting(added.toReversed(), Infinity, PAGE_LETTERS));
    const hasOlder = page.hasOlder || next.length < added.length;
    return { ...window, messages: [...next, ...window.messages], hasOlder, receipts };
  }
  const next = added.slice(0, fitting(added, Infinity, PAGE_LETTERS));
  const hasNewer = page.hasNewer || next.length < added.length;
  return { ...window, messages: [...window.messages, ...next], hasNewer, receipts };
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
  const { messages } = window;
  const count = fitting(cutAt === "older" ? messages.toReversed() : messages, limit, WINDOW_LETTERS);
  if (messages.length <= count) return window;
  return cutAt === "older"
    ? { ...window, messages: messages.slice(-count), hasOlder: true }
    : { ...window, messages: messages.slice(0, count), hasNewer: true };
}

/** How many of the first messages have no more letters together; at least one. */
function fitting(messages: readonly MessageView[], limit: number, most: number): number {
  let letters = 0;
  const end = messages.findIndex((message, index) => {
    letters += lettersOf(message);
    return index >= limit || (letters > most && index > 0);
  });
  return Math.max(1, end === -1 ? messages.length : end);
}

function lettersOf({ text }: MessageView): number {
  return text.length;
}

function byOrder(a: MessageView, b: MessageView): number {
  if (a.order === b.order) return 0;
  return a.order < b.order ? -1 : 1;
}
