import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PageLife } from "../../../src/state/app-ports.ts";
import { startAutoLock } from "../../../src/state/auto-lock.ts";
import { FakeMessenger } from "../../support/fake-messenger.ts";
import { fakeVault } from "../../support/fake-vault.ts";

const MINUTE_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function watched(lockAfterMinutes: number, isProtected = true) {
  const messenger = new FakeMessenger();
  messenger.settingsView = { ...messenger.settingsView, lockAfterMinutes };
  const state = { locked: 0, onVisible: (_isVisible: boolean): void => undefined };
  const page = {
    onVisible(listener: (isVisible: boolean) => void) {
      state.onVisible = listener;
      return () => undefined;
    },
    reload() {
      state.locked += 1;
    },
  } as unknown as PageLife;
  const target = new EventTarget();
  const ports = { messenger, page, vault: fakeVault(isProtected) };
  const end = startAutoLock({
    ports,
    target,
    onFailure: (error) => {
      throw error;
    },
  });
  await vi.advanceTimersByTimeAsync(0);
  const press = (keys: object = {}): void => {
    target.dispatchEvent(
      Object.assign(new Event("keydown"), { altKey: false, shiftKey: false, code: "KeyA", ...keys }),
    );
  };
  return { messenger, state, press, end };
}

test("a device that nobody uses locks after the time that was chosen, and use puts it off", async () => {
  const { state, press, end } = await watched(5);
  await vi.advanceTimersByTimeAsync(4 * MINUTE_MS);
  press();
  await vi.advanceTimersByTimeAsync(4.9 * MINUTE_MS);
  expect(state.locked).toBe(0);
  await vi.advanceTimersByTimeAsync(0.2 * MINUTE_MS);
  expect(state.locked).toBe(1);
  end();
});

test("a change of the time counts at once, and never means never", async () => {
  const { messenger, state, end } = await watched(0);
  await vi.advanceTimersByTimeAsync(600 * MINUTE_MS);
  expect(state.locked).toBe(0);
  await messenger.changeSettings({ lockAfterMinutes: 60 });
  await vi.advanceTimersByTimeAsync(6_000);
  expect(state.locked).toBe(1);
  end();
});

test("whoever comes back to a device that slept finds it locked, at the first sign of use", async () => {
  const [pressed, seen] = [await watched(15), await watched(15)];
  vi.setSystemTime(Date.now() + 16 * MINUTE_MS);
  pressed.press();
  seen.state.onVisible(true);
  expect([pressed.state.locked, seen.state.locked]).toEqual([1, 1]);
  pressed.end();
  seen.end();
});

test("the shortcut locks a protected device and leaves an unprotected one alone", async () => {
  const shortcut = { altKey: true, shiftKey: true, code: "KeyL" };
  const one = await watched(0);
  one.press({ ...shortcut, shiftKey: false });
  expect(one.state.locked).toBe(0);
  one.press(shortcut);
  expect(one.state.locked).toBe(1);
  one.end();
  one.press(shortcut);
  expect(one.state.locked).toBe(1);
  const other = await watched(5, false);
  other.press(shortcut);
  await vi.advanceTimersByTimeAsync(10 * MINUTE_MS);
  expect(other.state.locked).toBe(0);
  other.end();
});
