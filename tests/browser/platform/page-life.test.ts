import { afterEach, describe, expect, it } from "vitest";
import { createPageLife, type PageLife } from "../../../src/adapters/platform/page-life.ts";
import { browserClock } from "../../../src/adapters/platform/browser-clock.ts";
import { createStorageInfo } from "../../../src/adapters/platform/storage-info.ts";

describe("the life of the page", () => {
  let page: PageLife | undefined;
  afterEach(() => page?.stop());

  function watched(): { readonly life: PageLife; readonly heard: string[] } {
    const life = createPageLife();
    page = life;
    const heard: string[] = [];
    life.onLeave(() => heard.push("leave"));
    life.onReturn(() => heard.push("return"));
    life.onWake(() => heard.push("wake"));
    life.onOnline((isOnline) => heard.push(isOnline ? "online" : "offline"));
    life.onVisible((isVisible) => heard.push(isVisible ? "visible" : "hidden"));
    return { life, heard };
  }

  it("tells what the browser tells", () => {
    const { heard } = watched();
    window.dispatchEvent(new Event("offline"));
    window.dispatchEvent(new Event("online"));
    document.dispatchEvent(new Event("resume"));
    document.dispatchEvent(new Event("visibilitychange"));
    window.dispatchEvent(new PageTransitionEvent("pagehide"));
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: false }));
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    expect(heard).toEqual(["offline", "online", "wake", "visible", "wake", "leave", "return"]);
  });

  it("tells nothing to those who left, and nothing at all once stopped", () => {
    const { life, heard } = watched();
    const leave = life.onWake(() => heard.push("second"));
    leave();
    document.dispatchEvent(new Event("resume"));
    life.stop();
    document.dispatchEvent(new Event("resume"));
    expect(heard).toEqual(["wake"]);
  });

  it("knows about storage", async () => {
    const estimate = await createStorageInfo("none").estimate();
    expect(estimate.usedBytes).toBeGreaterThanOrEqual(0);
    expect(estimate.quotaBytes).toBeGreaterThan(0);
    expect(estimate.isPersisted).toBeTypeOf("boolean");
  });

  it("tells whether there is room, and leaves nothing of the trial", async () => {
    const storage = createStorageInfo("none");
    expect(await storage.hasRoomFor(1_000)).toBe(true);
    expect(await storage.hasRoomFor(Number.MAX_SAFE_INTEGER)).toBe(false);
    const left = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) left.push(name);
    expect(left).toEqual([]);
  });
});

describe("the browser's clock", () => {
  it("resolves after the delay", async () => {
    const start = browserClock.monotonic();
    await browserClock.delay(30);
    expect(browserClock.monotonic() - start).toBeGreaterThanOrEqual(29);
    expect(Math.abs(browserClock.now() - Date.now())).toBeLessThan(1_000);
  });

  it("rejects with the reason when aborted, before or during the delay", async () => {
    const reason = new Error("no longer wanted");
    await expect(browserClock.delay(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const delay = browserClock.delay(60_000, controller.signal);
    controller.abort(reason);
    await expect(delay).rejects.toBe(reason);
  });
});
