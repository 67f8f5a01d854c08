import { expect, test } from "vitest";
import { ACCEPT_TABLES, acceptBatch } from "../../../../src/core/log/accept.ts";
import type { EntryParts } from "../../../../src/core/log/entry.ts";
import type { Key, WriteTransaction } from "../../../../src/core/store/store.ts";
import type { TableName } from "../../../../src/core/store/tables.ts";
import { LogWorld } from "../../../support/log-world.ts";

const ENTRIES = 60;
/** Less than ten milliseconds of opening. */
const MOST_AT_ONCE = 16;

test("a long batch is opened in pieces, with a request of its transaction in between, so that others get the thread", async () => {
  const world = new LogWorld();
  const [alice, bob] = [world.device(), world.device()];
  const batch: EntryParts[] = [];
  for (let index = 0; index < ENTRIES; index += 1) batch.push((await alice.append(`text ${index}`)).parts);
  const checked = await world.check(batch);
  if (checked.kind === "rejected") throw new Error(checked.reason);

  const pieces = [0];
  await bob.store.write(ACCEPT_TABLES, "strict", (tx) =>
    acceptBatch(
      requestsToldBy(tx, () => pieces.push(0)),
      world.conversation,
      checked.runs,
      async () => {
        pieces.push((pieces.pop() ?? 0) + 1);
        return { kind: "opened" };
      },
    ),
  );
  expect(pieces.reduce((sum, piece) => sum + piece, 0)).toBe(ENTRIES);
  expect(Math.max(...pieces)).toBeLessThanOrEqual(MOST_AT_ONCE);
  expect(await bob.log(alice)).toMatchObject({ height: ENTRIES, opened: ENTRIES });
});

function requestsToldBy(tx: WriteTransaction, onRequest: () => void): WriteTransaction {
  return {
    get: async <Name extends TableName>(table: Name, key: Key) => {
      const row = await tx.get(table, key);
      onRequest();
      return row;
    },
    range: (table, query) => tx.range(table, query),
    count: (table, query) => tx.count(table, query),
    put: (table, key, value) => tx.put(table, key, value),
    delete: (table, key) => tx.delete(table, key),
    deleteRange: (table, query) => tx.deleteRange(table, query),
  };
}
