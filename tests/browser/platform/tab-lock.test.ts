import { describe, expect, it } from "vitest";
import { createTabLock, type TabLock } from "../../../src/adapters/platform/tab-lock.ts";

let count = 0;

/** Two locks of one name stand for two tabs. */
function twoTabs(): readonly [TabLock, TabLock] {
  count += 1;
  return [createTabLock(`tab-${count}`), createTabLock(`tab-${count}`)];
}

function lossOf(lock: TabLock): Promise<string> {
  return new Promise((resolve) => lock.onLost(() => resolve("lost")));
}

describe("the tab lock", () => {
  it("is held by one tab at a time", async () => {
    const [first, second] = twoTabs();
    expect(await first.acquire()).toBe("held");
    expect(await first.acquire()).toBe("held");
    expect(await second.acquire()).toBe("elsewhere");
    first.release();
    await expect.poll(() => second.acquire()).toBe("held");
    second.release();
  });

  it("can be stolen, and tells the tab that lost it", async () => {
    const [first, second] = twoTabs();
    await first.acquire();
    const loss = lossOf(first);
    await second.steal();
    expect(await loss).toBe("lost");
    expect(await first.acquire()).toBe("elsewhere");
    const lossOfSecond = lossOf(second);
    await first.steal();
    expect(await lossOfSecond).toBe("lost");
    first.release();
  });

  it("does not call its own release a loss", async () => {
    const [first, second] = twoTabs();
    const losses: string[] = [];
    first.onLost(() => losses.push("first"));
    await first.acquire();
    first.release();
    await second.steal();
    second.release();
    expect(losses).toEqual([]);
  });
});
