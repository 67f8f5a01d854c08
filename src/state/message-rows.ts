/** How a slice of messages stands on the screen: days, groups of one author, where the state of delivery is shown. Pure. */
import { deliveryState, type DeliveryState, type MessageView, type ReceiptsView } from "../core/views.ts";

const GROUP_GAP_MS = 5 * 60_000;

export interface MessageRow {
  readonly message: MessageView;
  /** Own messages have exactly one. */
  readonly state: DeliveryState | undefined;
  readonly isGroupStart: boolean;
  readonly isGroupEnd: boolean;
  /** The one above it is of another author, or none. */
  readonly isAuthorNew: boolean;
  /** Time and state stand below it for all to see; elsewhere the state is there for assistive technology only. */
  readonly showsMeta: boolean;
  /** "New messages" stands above it. */
  readonly isFirstNew: boolean;
}

export interface DayRows {
  /** Local date, year-month-day. */
  readonly day: string;
  /** A moment of that day, milliseconds since 1970. */
  readonly at: number;
  readonly rows: readonly MessageRow[];
}

export function arrangeRows(
  messages: readonly MessageView[],
  receipts: ReceiptsView,
  firstNew: string | undefined,
): readonly DayRows[] {
  const days: { day: string; at: number; messages: MessageView[] }[] = [];
  for (const message of messages) {
    const day = localDay(message.orderedAt);
    const current = days.at(-1);
    // Clocks differ a little: a message that claims an earlier day than the one above it stays under that one.
    if (current === undefined || day > current.day) days.push({ day, at: message.orderedAt, messages: [message] });
    else current.messages.push(message);
  }
  return days.map(({ day, at, messages: ofDay }) => ({ day, at, rows: rowsOfDay(ofDay, receipts, firstNew) }));
}

function rowsOfDay(
  messages: readonly MessageView[],
  receipts: ReceiptsView,
  firstNew: string | undefined,
): MessageRow[] {
  const stateOf = (message: MessageView | undefined): DeliveryState | undefined =>
    message?.isOwn === true && message.kind !== "change" ? deliveryState(message, receipts) : undefined;
  return messages.map((message, index) => {
    const above = messages[index - 1];
    const below = messages[index + 1];
    const state = stateOf(message);
    const isStart = above === undefined || message.id === firstNew;
    const isGroupEnd = below === undefined || below.id === firstNew || !areGrouped(message, below);
    return {
      message,
      state,
      isGroupStart: isStart || !areGrouped(above, message),
      isGroupEnd,
      isAuthorNew: isStart || !areOfOne(above, message),
      showsMeta: isGroupEnd || state !== stateOf(below),
      isFirstNew: message.id === firstNew,
    };
  });
}

function areGrouped(above: MessageView, below: MessageView): boolean {
  return areOfOne(above, below) && Math.abs(below.writtenAt - above.writtenAt) < GROUP_GAP_MS;
}

/** A change is of no author. */
function areOfOne(above: MessageView, below: MessageView): boolean {
  return above.author === below.author && above.kind !== "change" && below.kind !== "change";
}

/** Sorts as text: 2026-11-22. */
function localDay(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
