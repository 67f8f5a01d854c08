import { expect, test } from "vitest";
import { onNetworkChange } from "../../../../src/adapters/libp2p/network-change.ts";

test("tells of another kind of network, and neither of a new estimate nor of the loss of all", () => {
  const connection: EventTarget & { type?: string } = new EventTarget();
  connection.type = "wifi";
  const stop = new AbortController();
  let changes = 0;
  onNetworkChange(() => (changes += 1), stop.signal, { connection });
  const changesAs = (type: string): number => {
    connection.type = type;
    connection.dispatchEvent(new Event("change"));
    return changes;
  };
  expect(["wifi", "cellular", "cellular", "none", "wifi"].map(changesAs)).toEqual([0, 1, 1, 1, 2]);
  stop.abort();
  expect(changesAs("cellular")).toBe(2);
});
