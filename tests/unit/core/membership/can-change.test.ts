/** What a screen offers: exactly what would count and change something. */
import { expect, test } from "vitest";
import { canChange } from "../../../../src/core/membership/can-change.ts";
import type { Change } from "../../../../src/core/membership/operation.ts";
import {
  accountOf,
  add,
  demote,
  GroupHistory,
  LEAVE,
  promote,
  remove,
  rename,
  UNKNOWN,
} from "../../../support/group-history.ts";

function choir(): GroupHistory {
  return new GroupHistory()
    .write("1", "alice", add("bob"))
    .write("2", "alice", add("carol"))
    .write("3", "alice", add("dave"))
    .write("4", "alice", promote("bob"))
    .write("5", "alice", promote("carol"));
}

const CASES: readonly (readonly [string, Change, boolean])[] = [
  ["alice", add("erin"), true],
  ["alice", add("dave"), false],
  ["dave", add("erin"), false],
  ["mallory", add("erin"), false],
  ["bob", remove("carol"), true],
  ["carol", remove("bob"), false],
  ["bob", remove("alice"), false],
  ["bob", remove("bob"), false],
  ["carol", remove("dave"), true],
  ["bob", remove("erin"), false],
  ["carol", promote("dave"), true],
  ["carol", promote("bob"), false],
  ["bob", demote("carol"), true],
  ["carol", demote("bob"), false],
  ["bob", demote("dave"), false],
  ["alice", LEAVE, true],
  ["dave", LEAVE, true],
  ["mallory", LEAVE, false],
  ["bob", rename("Quartet"), true],
  ["bob", rename("Choir"), false],
  ["bob", rename(""), false],
  ["bob", rename("x".repeat(97)), false],
  ["dave", rename("Quartet"), false],
  ["alice", UNKNOWN, false],
];

test.each(CASES)("%s: %o is offered: %s", (name, change, isOffered) => {
  expect(canChange(choir().now(), accountOf(name), change)).toBe(isOffered);
});

test.each(CASES.filter(([, , isOffered]) => isOffered))("%s: %o counts", (name, change) => {
  expect(choir().write("z", name, change).voided()).toEqual([]);
});

test("a frozen group is left, and rid of who froze it, and nothing else", () => {
  const frozen = choir().write("6", "carol", UNKNOWN).now();
  const can = (name: string, change: Change): boolean => canChange(frozen, accountOf(name), change);
  expect([can("dave", LEAVE), can("bob", remove("carol")), can("bob", demote("carol"))]).toEqual([true, true, true]);
  expect([can("bob", remove("dave")), can("bob", add("erin")), can("bob", rename("Q"))]).toEqual([false, false, false]);
});
