import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { PageLife, StorageEstimate, StorageInfo } from "../../../src/state/app-ports.ts";
import { startGuardian } from "../../../src/state/guardian.ts";
import type { ThreadId } from "../../../src/core/views.ts";
import { FakeMessenger } from "../../support/fake-messenger.ts";
import { threadView } from "../../support/fake-views.ts";

const ANA = "a11a" as ThreadId;
const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watched(estimate: StorageEstimate) {
  const messenger = new FakeMessenger();
  messenger.add(threadView(ANA, "Ana", { path: { kind: "direct" } }));
  const state = { estimate, roomBytes: Infinity, asked: 0, warned: 0 };
  const storage = {
    estimate: () => Promise.resolve(state.estimate),
    hasRoomFor: (bytes) => Promise.resolve(bytes <= state.roomBytes),
    askToPersist() {
      state.asked += 1;
      return Promise.resolve(false);
    },
  } as StorageInfo;
  const page = { onVisible: () => () => undefined } as unknown as PageLife;
  const end = startGuardian({
    ports: { messenger, storage, page },
    onLowSpace: () => {
      state.warned += 1;
    },
    onFailure: (error) => {
      throw error;
    },
  });
  return { messenger, state, end };
}

const ROOMY = { usedBytes: 1_000, quotaBytes: 1_000_000_000, isPersisted: false };

test("the browser is asked to keep the storage after the first message of one's own, and again only a month later", async () => {
  const { messenger, state, end } = watched(ROOMY);
  messenger.receive(ANA, "hello");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state.asked).toBe(0);
  await messenger.send(ANA, "hi");
  await messenger.send(ANA, "there");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state.asked).toBe(1);
  expect(messenger.settingsView.persistAskedAt).toBeGreaterThan(0);
  end();

  const soon = watched(ROOMY);
  soon.messenger.settingsView = { ...messenger.settingsView, persistAskedAt: Date.now() - 29 * DAY_MS };
  await soon.messenger.send(ANA, "again");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(soon.state.asked).toBe(0);
  const later = watched(ROOMY);
  later.messenger.settingsView = { ...messenger.settingsView, persistAskedAt: Date.now() - 31 * DAY_MS };
  await later.messenger.send(ANA, "again");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(later.state.asked).toBe(1);
});

test("a browser that promised already is not asked", async () => {
  const { messenger, state } = watched({ ...ROOMY, isPersisted: true });
  await messenger.send(ANA, "hi");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state.asked).toBe(0);
});

test("low space is found also where the browser estimates more than there is", async () => {
  const { state } = watched(ROOMY);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(state.warned).toBe(0);
  state.roomBytes = 9_000_000;
  await vi.advanceTimersByTimeAsync(6 * 60_000);
  expect(state.warned).toBe(1);
});

test("low space is warned of once, and again only after there was room", async () => {
  const { state } = watched({ ...ROOMY, usedBytes: 995_000_000 });
  await vi.advanceTimersByTimeAsync(11 * 60_000);
  expect(state.warned).toBe(1);
  state.estimate = ROOMY;
  await vi.advanceTimersByTimeAsync(6 * 60_000);
  state.estimate = { ...ROOMY, usedBytes: 999_000_000 };
  await vi.advanceTimersByTimeAsync(6 * 60_000);
  expect(state.warned).toBe(2);
});

test("a browser that tells nothing is believed to have room", async () => {
  const { state } = watched({ usedBytes: undefined, quotaBytes: undefined, isPersisted: false });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.warned).toBe(0);
});
