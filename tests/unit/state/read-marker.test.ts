import { expect, test } from "vitest";
import { createReadMarker } from "../../../src/state/read-marker.ts";
import type { ThreadId } from "../../../src/core/views.ts";

const THREAD = "thread" as ThreadId;

function marker() {
  const told: string[] = [];
  const messenger = {
    markRead(_thread: ThreadId, order: string) {
      told.push(order);
      return Promise.resolve();
    },
  };
  return { told, marks: createReadMarker(messenger, THREAD, "b", () => expect.unreachable()) };
}

test("tells only what is further than before", async () => {
  const { told, marks } = marker();
  marks.reached("a");
  marks.reached("c");
  await Promise.resolve();
  marks.reached("c");
  expect(told).toEqual(["c"]);
});

test("tells the furthest once more when something has arrived above it", async () => {
  const { told, marks } = marker();
  marks.reached("d");
  await Promise.resolve();
  await Promise.resolve();
  marks.arrived("e");
  marks.reached("d");
  expect(told).toEqual(["d"]);
  marks.arrived("c");
  marks.reached("d");
  await Promise.resolve();
  expect(told).toEqual(["d", "d"]);
});
