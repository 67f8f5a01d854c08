/** What becomes of each frame between members of a group that is tampered with, and how they come to send it: see sync/tampered-frames. */
import { bytesToHex } from "../../src/core/codec/bytes.ts";
import { decodeBundle, deviceListRow } from "../../src/core/conversations/bundle.ts";
import type { FRAME } from "../../src/core/sync/frames.ts";
import type { CorePerson } from "./core-world.ts";
import { comesBack, group, Stage, type Story } from "./frame-stories.ts";
import type { Case } from "./frame-variations.ts";
import { RawAccount } from "./raw-account.ts";

/** Bob is given what is sealed to Carol, who is away. */
const envelopeCarried: Story = async (type, instead) => {
  const stage = new Stage(type, instead);
  const [alice, bob, carol] = await group(stage);
  await carol.messenger.stop();
  await stage.world.clock.advance(10_000);
  await stage.arm(alice);
  await alice.send("Trip", "hello");
  return stage.told(bob);
};

/** Bob, who has lost what is sealed to Carol, passed on Alice's rekey. Carol meets Alice and asks for it. */
const envelopeWanted: Story = async (type, instead) => {
  const stage = new Stage(type, instead);
  const [alice, bob, carol] = await group(stage);
  await carol.messenger.stop();
  await stage.world.clock.advance(10_000);
  await alice.send("Trip", "hello");
  await stage.world.clock.advance(10_000);
  await alice.messenger.stop();
  await bob.store.write(["envelopes"], "strict", async (tx) => tx.deleteRange("envelopes", {}));
  await comesBack(carol);
  await stage.world.clock.advance(10_000);
  await stage.arm(carol);
  await comesBack(alice);
  return stage.told(alice);
};

/** Bob holds another list of Carol's than Alice does: each tells the other that they differ, then which it is. */
const listsDiffer = async (stage: Stage): Promise<readonly [CorePerson, CorePerson]> => {
  const { world } = stage;
  const [alice, bob, carol] = await group(stage);
  for (const person of [bob, carol]) await person.messenger.stop();
  await world.clock.advance(10_000);
  const next = (await RawAccount.of(carol, world.suite)).withNewPeer();
  const { account, list, listBytes } = decodeBundle(world.suite, next.bundle());
  await bob.store.write(["devices"], "strict", async (tx) => {
    tx.put("devices", [account], deviceListRow({ list, listBytes }));
  });
  return [alice, bob];
};

/** Bob comes, and says what he holds. */
const listsDiffering: Story = async (type, instead) => {
  const stage = new Stage(type, instead);
  const [alice, bob] = await listsDiffer(stage);
  await stage.arm(bob);
  await comesBack(bob);
  return stage.told(alice);
};

/** Bob has lost an operation that others rest on: he asks Alice, who brings it. */
const operationLost =
  (from: "alice" | "bob"): Story =>
  async (type, instead) => {
    const stage = new Stage(type, instead);
    const [alice, bob, carol] = await group(stage);
    for (const person of [bob, carol]) await person.messenger.stop();
    await stage.world.clock.advance(10_000);
    await bob.store.write(["operations"], "strict", async (tx) => {
      const rows = await tx.range("operations", {});
      const isParent = (id: string): boolean =>
        rows.some(({ value }) => bytesToHex(value.body).slice(4, 4 + 64) === id);
      const parent = rows.find(({ key }) => isParent(String(key[1])));
      if (parent === undefined) throw new Error("nothing rests on anything");
      tx.delete("operations", parent.key);
    });
    await stage.arm(from === "alice" ? alice : bob);
    await comesBack(bob);
    return stage.told(from === "alice" ? bob : alice);
  };

export const MEMBER_ROWS = {
  envelopes: [
    {
      story: envelopeCarried,
      fields: [
        ["author", 16, "ignored", "ends"],
        ["seq", 4, "ignored", "ends"],
        ["count", 1, "ends"],
        ["recipient", 16, "ignored", "ends"],
        ["envelope", 1168, "ignored", "ends"],
      ],
      elsewhere: "ignored",
    },
  ],
  envelopesWanted: [
    {
      story: envelopeWanted,
      fields: [
        ["count", 1, "ends"],
        ["author", 16, "word", "ends"],
        ["seq", 4, "word", "ends"],
      ],
      elsewhere: "word",
    },
  ],
  deviceListsHeld: [
    {
      story: listsDiffering,
      fields: [["digest", 8, "same"]],
      longer: "ends",
      elsewhere: "ignored",
    },
  ],
  deviceList: [
    {
      story: listsDiffering,
      fields: [
        ["root key", 32, "ignored", "ends"],
        ["list", undefined, "ends"],
      ],
      elsewhere: "ignored",
    },
  ],
  operationsWanted: [
    {
      story: operationLost("bob"),
      fields: [
        ["count", 1, "ends"],
        ["entry id", 32, "ignored", "ends"],
      ],
      elsewhere: "ignored",
    },
  ],
  operation: [
    {
      story: operationLost("alice"),
      fields: [
        ["flags", 1, "same", "ends"],
        ["length of the header", 2, "ends"],
        ["version, suite and conversation", 34, "ends"],
        ["device", 16, "ignored", "ends"],
        ["all the rest", undefined, "ends"],
      ],
      elsewhere: "ignored",
    },
  ],
} satisfies Partial<Readonly<Record<keyof typeof FRAME, readonly Case[]>>>;
