import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FencedError } from "../../../src/core/store/fenced-store.ts";
import { StoreClosedError, StoreFailedError, StoreFullError } from "../../../src/core/store/store.ts";
import { createTroubles } from "../../../src/state/troubles.ts";

const reportError = vi.fn<(error: unknown) => void>();

beforeEach(() => vi.stubGlobal("reportError", reportError));
afterEach(() => {
  vi.unstubAllGlobals();
  reportError.mockReset();
});

it.each([
  [new StoreFullError("no room"), "full"],
  [new StoreFailedError("unreadable"), "disk"],
] as const)("a failing disk is no bug: %s", (error, told) => {
  const troubles = createTroubles();
  troubles.fail(error);
  expect(troubles.trouble.value).toBe(told);
  expect(reportError).not.toHaveBeenCalled();
});

it.each([new StoreClosedError("closed"), new FencedError("another tab writes")])(
  "whoever lost the store is told by a screen of its own: %s",
  (error) => {
    const troubles = createTroubles();
    troubles.fail(error);
    expect(troubles.trouble.value).toBeUndefined();
    expect(reportError).not.toHaveBeenCalled();
  },
);

it("anything else is a bug, and told and reported as one", () => {
  const troubles = createTroubles();
  const error = new Error("unforeseen");
  troubles.fail(error);
  expect(troubles.trouble.value).toBe("bug");
  expect(reportError).toHaveBeenCalledWith(error);
});
