import { describe, expect, test } from "vitest";
import {
  applyChange,
  EMPTY_WINDOW,
  extend,
  roomFor,
  trim,
  windowOfPage,
  type MessageWindow,
} from "../../../src/state/message-window.ts";
import { messageView, threadView } from "../../support/fake-views.ts";

const bob = threadView("b0b0", "Bob", { path: { kind: "direct" } });
const message = (number: number, text = `message ${number}`) =>
  messageView(number, { text, isOwn: false, at: number * 1000, author: bob });
const windowOf = (from: number, to: number, ends: Partial<MessageWindow> = {}): MessageWindow => ({
  ...EMPTY_WINDOW,
  messages: Array.from({ length: to - from + 1 }, (_, index) => message(from + index)),
  ...ends,
});
const numbers = (window: MessageWindow) => window.messages.map((shown) => Number(shown.order));

describe("the slice of a history that stands on the page", () => {
  test("takes in what belongs inside it, in order", () => {
    const changed = applyChange(windowOf(10, 12), [message(13), message(9)], []);
    expect(numbers(changed)).toEqual([9, 10, 11, 12, 13]);
  });

  test("leaves out what lies beyond an end that was not reached", () => {
    const changed = applyChange(windowOf(10, 12, { hasOlder: true, hasNewer: true }), [message(9), message(13)], []);
    expect(numbers(changed)).toEqual([10, 11, 12]);
  });

  test("is kept short while a backlog runs through it, and long otherwise", () => {
    const room = (count: number) => roomFor(Array.from({ length: count }, (_, index) => message(index)));
    expect(room(500)).toBe(80);
    expect(room(1)).toBe(160);
  });

  test("replaces a message by its id and moves it where its order says", () => {
    const moved = { ...message(30, "now an entry"), id: message(10).id };
    const changed = applyChange(windowOf(10, 12), [moved], []);
    expect(numbers(changed)).toEqual([11, 12, 30]);
    expect(changed.messages).toHaveLength(3);
  });

  test("keeps a waiting message that is shown when it becomes an entry and older ones are outside", () => {
    const waiting = (number: number) => ({ ...message(number), order: `~${number}`, isPending: true });
    const before = { ...EMPTY_WINDOW, messages: [waiting(57), waiting(58), waiting(59)], hasOlder: true };
    const flushed = applyChange(before, [message(55), message(56), message(57), message(58)], []);
    expect(flushed.messages.map((shown) => shown.order)).toEqual([message(57).order, message(58).order, "~59"]);
    expect(numbers(applyChange(flushed, [message(59), message(60)], []))).toEqual([57, 58, 59, 60]);
  });

  test("drops what was removed, also when it changed in the same breath", () => {
    expect(numbers(applyChange(windowOf(10, 12), [message(11, "changed")], [message(11).id]))).toEqual([10, 12]);
  });

  test("does not double a message that a page and an event both bring", () => {
    const page = {
      messages: [message(8), message(9), message(10)],
      hasOlder: false,
      hasNewer: true,
      receipts: {},
      readUpTo: "",
    };
    const longer = extend(windowOf(10, 12, { hasOlder: true }), "older", page);
    expect(numbers(longer)).toEqual([8, 9, 10, 11, 12]);
    expect(longer.hasOlder).toBe(false);
  });

  test("is cut at the far end, and knows that there is more", () => {
    expect(numbers(trim(windowOf(1, 5), "older", 3))).toEqual([3, 4, 5]);
    expect(trim(windowOf(1, 5), "older", 3).hasOlder).toBe(true);
    expect(trim(windowOf(1, 5), "newer", 3)).toMatchObject({ hasNewer: true, hasOlder: false });
    expect(trim(windowOf(1, 3), "newer", 3).hasNewer).toBe(false);
  });

  describe("of long messages", () => {
    const LONG = "x".repeat(8_000);
    const long = (from: number, to: number, ends: Partial<MessageWindow> = {}): MessageWindow => ({
      ...EMPTY_WINDOW,
      ...ends,
      messages: Array.from({ length: to - from + 1 }, (_, index) => message(from + index, LONG)),
    });
    const page = (from: number, to: number) => ({ ...long(from, to), readUpTo: "" });

    test("holds few of them, at the end that is read", () => {
      expect(trim(long(1, 50), "older")).toMatchObject({ hasOlder: true, hasNewer: false });
      expect(numbers(trim(long(1, 50), "older"))).toEqual([45, 46, 47, 48, 49, 50]);
      expect(trim(long(1, 50), "newer")).toMatchObject({ hasOlder: false, hasNewer: true });
      expect(numbers(trim(long(1, 50), "newer"))).toEqual([1, 2, 3, 4, 5, 6]);
    });

    test("grows by what is next to its end, and keeps what is there", () => {
      const now = long(40, 45, { hasOlder: true, hasNewer: true });
      const older = extend(now, "older", page(1, 39));
      expect(numbers(older)).toEqual([38, 39, 40, 41, 42, 43, 44, 45]);
      expect(older.hasOlder).toBe(true);
      const newer = extend(now, "newer", page(46, 60));
      expect(numbers(newer)).toEqual([40, 41, 42, 43, 44, 45, 46, 47]);
      expect(newer.hasNewer).toBe(true);
      expect(extend(now, "newer", page(46, 47)).hasNewer).toBe(false);
    });

    test("opens at its end, or around the first one that was not read", () => {
      const end = windowOfPage(page(1, 80));
      expect(numbers(end)).toEqual([75, 76, 77, 78, 79, 80]);
      expect(end).toMatchObject({ hasOlder: true, hasNewer: false });
      const unread = windowOfPage(page(1, 80), message(40).id);
      expect(numbers(unread)).toEqual([37, 38, 39, 40, 41, 42]);
      expect(unread).toMatchObject({ hasOlder: true, hasNewer: true });
    });

    test("is whole where it is short", () => {
      const short = { ...windowOf(1, 80, { hasOlder: true }), readUpTo: "" };
      expect(windowOfPage(short, message(3).id)).toMatchObject({ hasOlder: true, hasNewer: false });
      expect(numbers(windowOfPage(short))).toHaveLength(80);
    });
  });
});
