import { describe, expect, test } from "vitest";
import { arrangeRows } from "../../../src/state/message-rows.ts";
import { messageView, threadView } from "../../support/fake-views.ts";

const MINUTE_MS = 60_000;
const NOON = new Date(2026, 10, 22, 12).getTime();
const bob = threadView("b0b0", "Bob", { path: { kind: "direct" } });
const said = (number: number, who: "own" | "other", minutes: number) =>
  messageView(number, { text: "x", isOwn: who === "own", at: NOON + minutes * MINUTE_MS, author: bob });

describe("how messages stand on the screen", () => {
  test("groups one author's messages within five minutes", () => {
    const [day] = arrangeRows(
      [said(1, "other", 0), said(2, "other", 4), said(3, "other", 10), said(4, "own", 11)],
      {},
      undefined,
    );
    expect(day?.rows.map((row) => [row.isGroupStart, row.isGroupEnd])).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  test("shows the state where it differs inside a group", () => {
    const receipts = { own: [{ after: 0, delivered: 2, read: 1 }] };
    const [day] = arrangeRows(
      [1, 2, 3, 4].map((number) => said(number, "own", number)),
      receipts,
      undefined,
    );
    expect(day?.rows.map((row) => row.state)).toEqual(["read", "delivered", "waiting", "waiting"]);
    expect(day?.rows.map((row) => row.showsMeta)).toEqual([true, true, false, true]);
  });

  test("counts whom a message reached, and leaves out who came after it", () => {
    const receipts = {
      own: [
        { after: 0, delivered: 3, read: 3 },
        { after: 0, delivered: 2, read: 2 },
        { after: 2, delivered: 3, read: 2 },
      ],
    };
    const [day] = arrangeRows(
      [2, 3, 4].map((number) => said(number, "own", number)),
      receipts,
      undefined,
    );
    expect(day?.rows.map((row) => row.state)).toEqual(["read", "2 of 3", "waiting"]);
  });

  test("ends a group above the line of new messages", () => {
    const [day] = arrangeRows([said(1, "other", 0), said(2, "other", 1)], {}, "message-2");
    expect(day?.rows.map((row) => [row.isGroupEnd, row.isFirstNew])).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  test("separates days, and never goes back to an earlier one", () => {
    const days = arrangeRows([said(1, "other", 0), said(2, "other", 1440), said(3, "own", 700)], {}, undefined);
    expect(days.map((day) => [day.day, day.rows.length])).toEqual([
      ["2026-11-22", 1],
      ["2026-11-23", 2],
    ]);
  });

  test("a change of the group parts what one author wrote, and has no state", () => {
    const change = { ...said(2, "own", 1), kind: "change" as const, change: { kind: "left" as const, by: "" } };
    const [day] = arrangeRows([said(1, "other", 0), change, said(3, "other", 2), said(4, "other", 3)], {}, undefined);
    expect(day?.rows.map((row) => row.state)).toEqual([undefined, undefined, undefined, undefined]);
    expect(day?.rows.map((row) => row.isAuthorNew)).toEqual([true, true, true, false]);
    expect(day?.rows.map((row) => row.isGroupEnd)).toEqual([true, true, false, true]);
  });

  test("names an author again after another one, not after a pause", () => {
    const rows = [said(1, "other", 0), said(2, "other", 30), said(3, "own", 31), said(4, "other", 32)];
    const [day] = arrangeRows(rows, {}, undefined);
    expect(day?.rows.map((row) => row.isAuthorNew)).toEqual([true, false, true, true]);
  });
});
