import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRawMemoryStore } from "../../../../src/adapters/memory/memory-store.ts";
import { randomKey } from "../../../../src/core/crypto/at-rest.ts";
import { KEY_LAYOUTS, type KeyLayouts } from "../../../../src/core/vault/key-layout.ts";
import { RowSealer } from "../../../../src/core/vault/row-sealer.ts";
import { createVaultStore } from "../../../../src/core/vault/vault-store.ts";
import { get, keys, put, rows, withAnyRows } from "../../../contract/any-rows.ts";
import { runStoreContract } from "../../../contract/store-contract.ts";
import { NUMBERED_LAYOUTS } from "../../../support/vault-layouts.ts";

function openVault(layouts: KeyLayouts = KEY_LAYOUTS) {
  const raw = createRawMemoryStore();
  const store = createVaultStore(raw, { current: new RowSealer(1, randomKey()), previous: undefined }, layouts);
  return { raw, store };
}

runStoreContract("the vault over a memory store", {
  open: async () => openVault(NUMBERED_LAYOUTS).store,
  dispose: async (store) => store.close(),
});

describe("the layout of keys", () => {
  it("gives a page of the timeline in the order of the real keys, also where many share a rank", async () => {
    const rank = fc.integer({ min: 1, max: 3 }).map((time) => time.toString(16).padStart(16, "0"));
    const order = fc.tuple(rank, fc.integer({ min: 0, max: 40 })).map(([time, device]) => `${time}${device}`);
    const bound = fc.oneof(order, order.map(after), fc.constantFrom("", "~"));
    const page = fc.record({ bound, limit: fc.integer({ min: 1, max: 30 }), reverse: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(order, { maxLength: 60, size: "max" }),
        page,
        async (orders, { bound: at, limit, reverse }) => {
          const store = withAnyRows(openVault().store);
          await put(
            store,
            "timeline",
            orders.map((one) => [["thread", one], { text: one }] as const),
          );
          await put(store, "timeline", [[["other", "0000000000000002x"], { text: "of another thread" }]]);
          const sorted = orders.toSorted(byCodeUnit);
          const expected = reverse ? sorted.filter((one) => one < at).toReversed() : sorted.filter((one) => one >= at);
          const query = {
            prefix: ["thread"],
            limit,
            reverse,
            ...(reverse ? { to: ["thread", at] } : { from: ["thread", at] }),
          };
          const found = await rows(store, "timeline", query);
          expect(found.map(({ key }) => key[1])).toEqual(expected.slice(0, limit));
          expect(found.map(({ value }) => value)).toEqual(expected.slice(0, limit).map((text) => ({ text })));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("finds rows of two keys as one page, and each row once", async () => {
    const raw = createRawMemoryStore();
    const [old, current] = [new RowSealer(1, randomKey()), new RowSealer(2, randomKey())];
    const before = withAnyRows(createVaultStore(raw, { current: old, previous: undefined }));
    await put(
      before,
      "outbox",
      [1, 2, 3, 4, 5].map((number) => [["t", number], { text: `old ${number}` }] as const),
    );
    const store = withAnyRows(createVaultStore(raw, { current, previous: old }));
    await put(store, "outbox", [
      [["t", 2], { text: "new 2" }],
      [["t", 6], { text: "new 6" }],
    ]);
    await store.write(["outbox"], "strict", async (tx) => tx.delete("outbox", ["t", 4]));
    const texts = async (query = {}) =>
      (await rows(store, "outbox", { prefix: ["t"], ...query })).map(({ value }) => String(Object(value).text));
    expect(await texts()).toEqual(["old 1", "new 2", "old 3", "old 5", "new 6"]);
    expect(await texts({ limit: 2 })).toEqual(["old 1", "new 2"]);
    expect(await texts({ limit: 2, reverse: true })).toEqual(["new 6", "old 5"]);
    expect(await get(store, "outbox", ["t", 2])).toEqual({ text: "new 2" });
    expect(await store.read(["outbox"], (tx) => tx.count("outbox", { prefix: ["t"] }))).toBe(5);
    await store.write(["outbox"], "strict", async (tx) => tx.deleteRange("outbox", { prefix: ["t"] }));
    expect(await texts()).toEqual([]);
  });

  it("refuses to order by names, and keys that no layout knows", async () => {
    const store = withAnyRows(openVault().store);
    await expect(keys(store, "entries", { from: ["c"] })).rejects.toThrow("no order");
    await expect(put(store, "outbox", [[["t", 1, "more"], 1]])).rejects.toThrow("longer than its layout");
  });
});

describe("a sealed row", () => {
  it("shows neither its key, nor its text, nor how long the text is to the byte", async () => {
    const { raw, store } = openVault();
    const account = "ac".repeat(32);
    const rank = "0123456789abcdef";
    const any = withAnyRows(store);
    await put(any, "timeline", [[[account, `${rank}deadbeef`], { text: "the ferry leaves at six", account }]]);
    await put(any, "outbox", [
      [[account, 1], { text: "a" }],
      [[account, 2], { text: "abcdef" }],
    ]);
    const stored = await raw.read(["timeline", "outbox"], async (tx) => [
      ...(await tx.range("timeline", {})),
      ...(await tx.range("outbox", {})),
    ]);
    const shown = stored
      .map(({ key, value }) => `${JSON.stringify(key)} ${Buffer.from(value).toString("latin1")}`)
      .join("\n");
    for (const secret of [account, "deadbeef", "ferry", "text", account.slice(0, 16)])
      expect(shown).not.toContain(secret);
    // What stands in clear, as SECURITY says.
    expect(stored[0]?.key.slice(0, 1)).toEqual([1]);
    expect(stored[0]?.key[2]).toBe(rank);
    expect(new Set(stored.slice(1).map(({ value }) => value.length)).size).toBe(1);
  });

  it("is refused in the place of another row", async () => {
    const { raw, store } = openVault();
    const any = withAnyRows(store);
    await put(any, "outbox", [
      [["t", 1], { text: "one" }],
      [["t", 2], { text: "two" }],
    ]);
    await raw.write(["outbox"], "strict", async (tx) => {
      const [one, two] = await tx.range("outbox", {});
      if (one === undefined || two === undefined) throw new Error("nothing was stored");
      tx.put("outbox", one.key, two.value);
    });
    await expect(get(any, "outbox", ["t", 1])).rejects.toThrow("damaged");
    expect(await get(any, "outbox", ["t", 2])).toEqual({ text: "two" });
  });

  it("is refused with any byte changed", async () => {
    const { raw, store } = openVault();
    const any = withAnyRows(store);
    await put(any, "outbox", [[["t", 1], { text: "x" }]]);
    const [row] = await raw.read(["outbox"], (tx) => tx.range("outbox", {}));
    if (row === undefined) throw new Error("nothing was stored");
    for (let at = 0; at < row.value.length; at += 1) {
      const changed = row.value.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      await raw.write(["outbox"], "strict", async (tx) => tx.put("outbox", row.key, changed));
      await expect(get(any, "outbox", ["t", 1])).rejects.toThrow("damaged");
    }
  });

  it("never looks the same twice", async () => {
    const { raw, store } = openVault();
    const any = withAnyRows(store);
    const seen = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      await put(any, "outbox", [[["t", 1], { text: "same" }]]);
      const [row] = await raw.read(["outbox"], (tx) => tx.range("outbox", {}));
      seen.add(Buffer.from(row?.value ?? []).toString("hex"));
    }
    expect(seen.size).toBe(20);
  });
});

function after(order: string): string {
  return `${order}\u0000`;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : 1;
}
