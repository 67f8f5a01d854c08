import { expect, test } from "vitest";
import type { ThreadId } from "../../../src/core/views.ts";
import { formatRoute, parseRoute } from "../../../src/state/route.ts";

test.each(["#/", "#/settings", "#/c/b0b0", "#i/AQAx7c"])("reads back the address %s", (hash) => {
  expect(formatRoute(parseRoute(hash))).toBe(hash);
});

test.each(["", "#", "#/nowhere", "#/c/", "#/c/<script>"])("leads from the unknown address %s to the list", (hash) => {
  expect(parseRoute(hash)).toEqual({ kind: "list" });
});

test("takes the thread of a conversation's address", () => {
  expect(parseRoute("#/c/b0b0")).toEqual({ kind: "conversation", thread: "b0b0" as ThreadId });
});
