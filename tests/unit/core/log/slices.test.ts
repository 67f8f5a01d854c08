import { expect, test } from "vitest";
import { inSlices } from "../../../../src/core/log/slices.ts";

/** Every piece of work takes 3 ms; each pause is noted. */
function slowWork() {
  let nowMs = 0;
  const done: (number | "pause")[] = [];
  const clock = {
    monotonic: () => nowMs,
    pause: () => {
      done.push("pause");
      nowMs += 100;
      return Promise.resolve();
    },
  };
  const work = (item: number): void => {
    nowMs += 3;
    done.push(item);
  };
  return { clock, work, done };
}

test("long work is done in order, and others get the thread every few milliseconds", async () => {
  const { clock, work, done } = slowWork();
  await inSlices(clock, [1, 2, 3, 4, 5, 6, 7], work);
  expect(done).toEqual([1, 2, 3, "pause", 4, 5, 6, "pause", 7]);
});

test("short work is done without a pause", async () => {
  const { clock, work, done } = slowWork();
  await inSlices(clock, [1, 2, 3], work);
  expect(done).toEqual([1, 2, 3]);
});

test("what fails ends the work", async () => {
  const { clock, done } = slowWork();
  const failing = (item: number): void => {
    done.push(item);
    if (item === 2) throw new Error("no more");
  };
  await expect(inSlices(clock, [1, 2, 3], failing)).rejects.toThrow("no more");
  expect(done).toEqual([1, 2]);
});
