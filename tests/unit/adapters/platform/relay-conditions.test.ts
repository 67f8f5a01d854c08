/** What the browser tells of line, battery and device, and what follows from it for relaying. */
import { expect, test } from "vitest";
import { createRelayConditions } from "../../../../src/adapters/platform/relay-conditions.ts";

const DESKTOP = "Mozilla/5.0 (X11; Linux x86_64)";
const PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile/15E148";

class Page extends EventTarget {
  hidden = false;

  hide(isHidden: boolean): void {
    this.hidden = isHidden;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

class Line extends EventTarget {
  saveData = false;
  type = "wifi";

  become(change: Partial<Pick<Line, "saveData" | "type">>): void {
    Object.assign(this, change);
    this.dispatchEvent(new Event("change"));
  }
}

class Battery extends EventTarget {
  level = 1;
  charging = false;

  drain(level: number, charging = false): void {
    this.level = level;
    this.charging = charging;
    this.dispatchEvent(new Event("levelchange"));
  }
}

test("nothing speaks against it on a desktop, hidden or not, also where the browser tells nothing", () => {
  const page = new Page();
  const conditions = createRelayConditions({ userAgent: DESKTOP }, page);
  page.hide(true);
  expect([conditions.isPhone, conditions.obstacle()]).toEqual([false, "none"]);
});

test("a phone is known by what the browser says, or by its name, and does not help while it is hidden", () => {
  const page = new Page();
  expect(createRelayConditions({ userAgent: DESKTOP, userAgentData: { mobile: true } }, page).isPhone).toBe(true);
  const conditions = createRelayConditions({ userAgent: PHONE }, page);
  const seen: string[] = [];
  conditions.onChange(() => seen.push(conditions.obstacle()));
  page.hide(true);
  page.hide(false);
  expect([conditions.isPhone, ...seen]).toEqual([true, "hidden-phone", "none"]);
});

test("a line that costs, or is to be spared, ends it, and is told at once", () => {
  const line = new Line();
  const conditions = createRelayConditions({ userAgent: DESKTOP, connection: line }, new Page());
  const seen: string[] = [];
  conditions.onChange(() => seen.push(conditions.obstacle()));
  line.become({ type: "cellular" });
  line.become({ type: "wifi" });
  line.become({ saveData: true });
  expect(seen).toEqual(["metered", "none", "metered"]);
});

test("so does a battery that runs low, until it is charged", async () => {
  const battery = new Battery();
  const conditions = createRelayConditions(
    { userAgent: DESKTOP, getBattery: () => Promise.resolve(battery) },
    new Page(),
  );
  await new Promise<void>((resolve) => {
    conditions.onChange(resolve);
  });
  battery.drain(0.2);
  expect(conditions.obstacle()).toBe("low-battery");
  battery.drain(0.2, true);
  expect(conditions.obstacle()).toBe("none");
});
