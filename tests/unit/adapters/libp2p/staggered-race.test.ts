import { expect, test } from "vitest";
import { staggeredRace } from "../../../../src/adapters/libp2p/staggered-race.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const STAGGER_MS = 250;

function scene() {
  const discarded: string[] = [];
  const options = {
    clock: new ManualClock(),
    signal: new AbortController().signal,
    staggerMs: STAGGER_MS,
    discard: (late: string) => discarded.push(late),
  };
  return { discarded, options };
}

test("the first way that succeeds ends the others", async () => {
  const { options } = scene();
  let hasEnded = false;
  const result = staggeredRace(
    [
      (signal) => {
        signal.addEventListener("abort", () => {
          hasEnded = true;
        });
        return new Promise<string>(() => undefined);
      },
      async () => "second",
    ],
    options,
  );
  await options.clock.advance(STAGGER_MS);
  expect(await result).toBe("second");
  expect(hasEnded).toBe(true);
});

test("a way that fails starts the next without waiting", async () => {
  const { options } = scene();
  const ways = [async () => Promise.reject(new Error("first")), async () => "second"];
  expect(await staggeredRace(ways, options)).toBe("second");
});

test("what comes in after the race is discarded", async () => {
  const { options, discarded } = scene();
  let finishLate = (): void => undefined;
  const late = new Promise<string>((resolve) => {
    finishLate = () => resolve("late");
  });
  const result = staggeredRace([() => late, async () => "second"], options);
  await options.clock.advance(STAGGER_MS);
  await result;
  finishLate();
  await late;
  await Promise.resolve();
  expect(discarded).toEqual(["late"]);
});

test("rejects when all ways failed, and when there is none", async () => {
  const { options } = scene();
  await expect(staggeredRace([async () => Promise.reject(new Error("only"))], options)).rejects.toThrow("only");
  await expect(staggeredRace([], options)).rejects.toThrow("no way");
});

test("ends with the signal", async () => {
  const { options } = scene();
  const stop = new AbortController();
  const result = staggeredRace([async () => new Promise<string>(() => undefined)], { ...options, signal: stop.signal });
  stop.abort(new Error("stopped"));
  await expect(result).rejects.toThrow("stopped");
});
