import { signal } from "@preact/signals";
import { expect, it } from "vitest";
import { keepBadge } from "../../../src/state/badge.ts";

it("keeps the unread count on the icon, takes it off at none, and leaves it alone while nobody knows", () => {
  const shown: (number | undefined)[] = [];
  const navigator = {
    setAppBadge: async (count?: number) => void shown.push(count),
    clearAppBadge: async () => void shown.push(0),
  };
  const unread = signal<number | undefined>(undefined);
  keepBadge(navigator, () => unread.value);
  expect(shown).toEqual([]);
  for (const count of [3, 1, 0, undefined]) unread.value = count;
  expect(shown).toEqual([3, 1, 0]);
});

it("does without where the system has no badges or refuses one", async () => {
  keepBadge({}, () => 2);
  const refusal = Promise.reject(new Error("not installed"));
  keepBadge({ setAppBadge: () => refusal }, () => 2);
  await expect(refusal).rejects.toThrow("not installed");
});
