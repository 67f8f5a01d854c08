import { expect, test } from "vitest";
import { askEarly } from "../../../../src/adapters/platform/asked-early.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const NEVER = new AbortController().signal;

function scene() {
  const clock = new ManualClock();
  const asked: { readonly signal: AbortSignal; answer(value: string): void; fail(error: Error): void }[] = [];
  const answer = askEarly(
    clock,
    (signal) =>
      new Promise<string>((resolve, reject) => {
        asked.push({ signal, answer: resolve, fail: reject });
        signal.addEventListener("abort", () => reject(new Error("aborted")));
      }),
  );
  return { clock, asked, answer };
}

test("what was asked for early is not asked for again", async () => {
  const { asked, answer } = scene();
  expect(asked).toHaveLength(1);
  const answered = answer(NEVER);
  asked[0]?.answer("relays");
  expect(await answered).toBe("relays");
  expect(asked).toHaveLength(1);
});

test("a second question is asked anew, since the answer may have changed", async () => {
  const { asked, answer } = scene();
  asked[0]?.answer("old");
  await answer(NEVER);
  const second = answer(NEVER);
  asked[1]?.answer("new");
  expect(await second).toBe("new");
});

test("an early question that failed is asked again", async () => {
  const { asked, answer } = scene();
  asked[0]?.fail(new Error("no network"));
  const answered = answer(NEVER);
  await expect.poll(() => asked.length).toBe(2);
  asked[1]?.answer("relays");
  expect(await answered).toBe("relays");
});

test("who stays on the first screen for long does not start with an old answer", async () => {
  const { clock, asked, answer } = scene();
  asked[0]?.answer("old");
  await clock.advance(10_000);
  const answered = answer(NEVER);
  asked[1]?.answer("new");
  expect(await answered).toBe("new");
});

test("a start that is given up ends the early question", async () => {
  const { asked, answer } = scene();
  const giving = new AbortController();
  const answered = answer(giving.signal);
  giving.abort(new Error("stopped"));
  expect(asked[0]?.signal.aborted).toBe(true);
  await expect.poll(() => asked.length).toBe(2);
  asked[1]?.fail(new Error("stopped"));
  await expect(answered).rejects.toThrow("stopped");
});
