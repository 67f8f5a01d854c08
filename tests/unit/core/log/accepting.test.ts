import { beforeEach, describe, expect, test } from "vitest";
import { StoreFullError } from "../../../../src/core/store/store.ts";
import type { EntryParts } from "../../../../src/core/log/entry.ts";
import { type LogDevice, LogWorld } from "../../../support/log-world.ts";

let world: LogWorld;
let alice: LogDevice;
let bob: LogDevice;

beforeEach(() => {
  world = new LogWorld();
  alice = world.device();
  bob = world.device();
});

async function write(count: number): Promise<EntryParts[]> {
  const written: EntryParts[] = [];
  for (let index = 1; index <= count; index += 1) written.push((await alice.append(`text ${index}`)).parts);
  return written;
}

describe("a batch", () => {
  test("is stored and opened in order, and counts once however often it comes", async () => {
    const entries = await write(5);
    expect(await bob.accept(...entries.slice(0, 3))).toMatchObject({ kind: "accepted", count: 3 });
    expect(await bob.accept(...entries)).toMatchObject({ kind: "accepted", count: 2 });
    expect(await bob.accept(...entries)).toMatchObject({ kind: "accepted", count: 0 });
    expect(bob.texts()).toEqual(["text 1", "text 2", "text 3", "text 4", "text 5"]);
    expect(await bob.log(alice)).toMatchObject({ height: 5, opened: 5, verified: 5 });
  });

  test("that leaves a gap is refused with nothing stored", async () => {
    const entries = await write(4);
    await bob.accept(...entries.slice(0, 1));
    const before = bob.store.snapshot();
    expect(await bob.accept(...entries.slice(2))).toEqual({ kind: "unlinked" });
    expect(bob.store.snapshot().trees.get("entries")).toBe(before.trees.get("entries"));
    expect(await bob.log(alice)).toMatchObject({ height: 1 });
  });

  test("of several sendings may repeat entries", async () => {
    const entries = await write(4);
    const [one, two, three, four] = entries;
    if (one === undefined || two === undefined || three === undefined || four === undefined) throw new Error("too few");
    expect(await bob.accept(one, two, one, two, three, two, three, four)).toMatchObject({ kind: "accepted", count: 4 });
    expect(bob.texts()).toEqual(["text 1", "text 2", "text 3", "text 4"]);
  });

  test("of another history under the same seqs is refused with nothing stored", async () => {
    await write(2);
    const twin = alice.store.snapshot();
    const kept = await alice.append("kept");
    await bob.accept(...(await entriesOf(alice)));
    alice.store.restore(twin);
    await alice.append("forked");
    const afterFork = await alice.append("after the fork");
    expect(await bob.accept(afterFork.parts)).toEqual({ kind: "unlinked" });
    expect(await bob.log(alice)).toMatchObject({ height: 3, head: kept.id });
    expect(bob.texts()).not.toContain("after the fork");
  });

  test("is not half stored when the disk is full", async () => {
    const entries = await write(3);
    bob.store.failNextCommit(new StoreFullError("full"));
    await expect(bob.accept(...entries)).rejects.toThrow(StoreFullError);
    expect(await bob.log(alice)).toBeUndefined();
    bob.opened.length = 0;
    expect(await bob.accept(...entries)).toMatchObject({ count: 3 });
  });
});

describe("tampering", () => {
  const spoil = (bytes: Uint8Array, at: number): Uint8Array => {
    const changed = bytes.slice();
    changed[at < 0 ? changed.length + at : at] = (changed.at(at) ?? 0) ^ 1;
    return changed;
  };
  // Offsets of PROTOCOL, Logs and entries; the last 32 bytes of a header are the hash of the body.
  const fields: readonly (readonly [name: string, offset: number])[] = [
    ["version", 0],
    ["suite", 1],
    ["conversation", 2],
    ["device", 34],
    ["channel", 50],
    ["seq", 54],
    ["previous entry", 60],
    ["clock", 90],
    ["kind", -75],
    ["epoch", -71],
    ["generation", -67],
    ["commitment", -50],
    ["body length", -33],
    ["body hash", -1],
  ];

  test.each(fields)("with the %s of the last entry is noticed", async (_name, offset) => {
    const [first, last] = await write(2);
    if (first === undefined || last === undefined) throw new Error("too few");
    expect((await world.check([first, last])).kind).toBe("checked");
    expect((await world.check([first, { ...last, header: spoil(last.header, offset) }])).kind).toBe("rejected");
  });

  test.each(fields)("with the %s of an entry in the middle is noticed", async (_name, offset) => {
    const [first, second, third] = await write(3);
    if (first === undefined || second === undefined || third === undefined) throw new Error("too few");
    expect((await world.check([first, { ...second, header: spoil(second.header, offset) }, third])).kind).toBe(
      "rejected",
    );
  });

  test("with a body or a signature, anywhere in the run, is noticed", async () => {
    const entries = await write(3);
    for (const [index, entry] of entries.entries()) {
      const withBody = entries.with(index, { ...entry, body: spoil(entry.body, -1) });
      expect(await world.check(withBody)).toEqual({ kind: "rejected", reason: "malformed" });
      const withSignature = entries.with(index, { ...entry, signature: spoil(entry.signature, 5) });
      expect(await world.check(withSignature)).toEqual({ kind: "rejected", reason: "bad-signature" });
    }
  });

  test("an entry by a device that is no member, or of another conversation, is refused", async () => {
    const [entry] = await write(1);
    const stranger = await new LogWorld().device().append("let me in");
    expect(await world.check([stranger.parts])).toEqual({ kind: "rejected", reason: "unknown-device" });
    const elsewhere = Object.assign(new LogWorld(), { conversation: "c1".repeat(32) });
    expect(await elsewhere.check(entry === undefined ? [] : [entry])).toEqual({ kind: "rejected", reason: "foreign" });
  });
});

async function entriesOf(device: LogDevice): Promise<EntryParts[]> {
  const rows = await device.store.read(["entries"], (tx) => tx.range("entries", {}));
  return rows.map(({ value: { header, signature, body } }) => ({ header, signature, body }));
}
