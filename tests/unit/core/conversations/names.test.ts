import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { textToBytes } from "../../../../src/core/codec/bytes.ts";
import { lookOf, safeGroupName, safeName } from "../../../../src/core/conversations/names.ts";
import { type CorePerson, CoreWorld } from "../../../support/core-world.ts";

describe("a name", () => {
  test.each([
    ["  Ana \n Maria\t", "Ana Maria"],
    ["a\u202eecila", "aecila"],
    ["\u200fAna\u2069", "Ana"],
    ["A\u0000n\u0007a", "Ana"],
    ["Ana\u2028Bob", "Ana Bob"],
    ["\ufeffAna", "Ana"],
    ["\ue000Ana\uf8ff", "Ana"],
    ["👩‍👩‍👧", "👩‍👩‍👧"],
    ["\u200d\u200dAna\u200d", "Ana"],
    ["Zoë Ünal 山田 محمد", "Zoë Ünal 山田 محمد"],
  ])("%j is shown as %j", (raw, shown) => {
    expect(safeName(raw)).toBe(shown);
  });

  test.each(["", " ", "\u200b", "\u3164", "\u115f\u1160", "\u2800\u2800", "\ufe0f", "\u200d", "\u00ad", "\u202e"])(
    "%j, of which nothing can be seen, is none",
    (raw) => {
      expect(safeName(raw)).toBe("");
    },
  );

  test("is at most 32 bytes, cut between characters", () => {
    expect(safeName("x".repeat(50))).toBe("x".repeat(32));
    expect(textToBytes(safeName("é".repeat(50))).length).toBe(32);
    expect(textToBytes(safeName(`${"x".repeat(31)}é`)).length).toBe(31);
    expect(safeName(`${"x".repeat(31)} y`)).toBe("x".repeat(31));
    expect(safeGroupName("x".repeat(100))).toBe("x".repeat(96));
  });

  test("looks the same as another that differs in what cannot be seen", () => {
    for (const twin of ["A\u200dna", "Ana\ufe0e", "ANA", "A\u034fna", "Ａna", "Ana\u3164"]) {
      expect(lookOf(twin)).toBe(lookOf("Ana"));
    }
    expect(lookOf("Anna")).not.toBe(lookOf("Ana"));
  });
});

describe("between people", () => {
  let world: CoreWorld;
  let alice: CorePerson;

  beforeEach(async () => {
    world = new CoreWorld();
    alice = await world.person("Alice");
  });

  afterEach(() => {
    expect(world.bugs).toEqual([]);
  });

  async function contact(name: string): Promise<CorePerson> {
    const person = await world.person(name);
    const { link } = await alice.messenger.createInvite({ uses: 1, days: 7 });
    await person.messenger.acceptInvite(link);
    await world.clock.advance(3_000);
    return person;
  }

  test("a new name reaches contacts that are there, and the others when they come", async () => {
    const [bob, carol] = [await contact("Bob"), await contact("Carol")];
    await carol.messenger.stop();
    await world.clock.advance(10_000);
    expect(await alice.messenger.setName("  Alicia\u202e ")).toMatchObject({ name: "Alicia" });
    expect(await alice.messenger.setName("Alina")).toMatchObject({ name: "Alina" });
    await world.clock.advance(1_000);
    expect((await bob.threads()).map((thread) => thread.name)).toEqual(["Alina"]);
    await carol.open();
    await carol.messenger.connect();
    await world.clock.advance(40_000);
    expect((await carol.threads()).map((thread) => thread.name)).toEqual(["Alina"]);
    await bob.restart();
    expect((await bob.threads()).map((thread) => thread.name)).toEqual(["Alina"]);
  });

  test("a name of which nothing is left changes nothing", async () => {
    expect(await alice.messenger.setName("\u202e \u200b")).toMatchObject({ name: "Alice" });
  });

  test("two contacts of one name, or of names that look like one, get tags, each row the moment it begins", async () => {
    await contact("Bob");
    expect((await alice.threadWith("Bob")).tag).toBeUndefined();
    alice.events.length = 0;
    const twin = await contact("B\u200dob");
    const tags = (await alice.threads()).map((thread) => thread.tag);
    expect(tags).toHaveLength(2);
    for (const tag of tags) expect(tag).toMatch(/^[0-9a-f]{4}$/);
    const tagged = alice.events.filter((event) => event.type === "thread" && event.thread.tag !== undefined);
    expect(new Set(tagged.map((event) => (event.type === "thread" ? event.thread.id : ""))).size).toBe(2);

    await twin.messenger.setName("Robert");
    await world.clock.advance(1_000);
    expect((await alice.threads()).map((thread) => thread.tag)).toEqual([undefined, undefined]);
  });

  test("a private name is shown instead, kept through a new name, and taken away again", async () => {
    const bob = await contact("Bob");
    const { id } = await alice.threadWith("Bob");
    await alice.messenger.renameContact(id, " Bobby\n");
    await bob.messenger.setName("Robert");
    await world.clock.advance(1_000);
    await alice.restart();
    expect(await alice.threadWith("Bobby")).toMatchObject({ contact: { name: "Robert", privateName: "Bobby" } });
    await bob.send("Alice", "hi");
    await world.clock.advance(1_000);
    expect((await alice.page(id)).messages[0]?.authorName).toBe("Bobby");
    await alice.messenger.renameContact(id, "");
    expect((await alice.threadWith("Robert")).id).toBe(id);
    expect((await bob.threads()).map((thread) => thread.name)).toEqual(["Alice"]);
  });

  test("a private name and a new name that come at once both hold", async () => {
    const bob = await contact("Bob");
    const { id } = await alice.threadWith("Bob");
    await bob.messenger.setName("Robert");
    await Promise.all([world.clock.advance(1_000), alice.messenger.renameContact(id, "Bobby")]);
    expect(await alice.threadWith("Bobby")).toMatchObject({ contact: { name: "Robert", privateName: "Bobby" } });
  });
});
