import { afterEach, expect, test } from "vitest";
import { CoreWorld } from "../../../support/core-world.ts";

const world = new CoreWorld();

afterEach(() => {
  expect(world.bugs).toEqual([]);
});

test("the row of a group says who wrote last, and its members tell those of one name apart", async () => {
  const [alice, bob] = await world.pair();
  const other = await world.person("Bob");
  const invite = await alice.messenger.createInvite({ uses: 1, days: 7 });
  await other.messenger.acceptInvite(invite.link);
  await world.clock.advance(2_000);
  const contacts = (await alice.threads()).flatMap((thread) =>
    thread.kind === "direct" ? thread.contact.account : [],
  );
  const name = "Everybody between the old mill and the river";
  await alice.messenger.groups.create(name, contacts);
  await world.clock.advance(20_000);
  await bob.send(name, "hello");
  await world.clock.advance(5_000);
  const row = await alice.threadWith(name);
  expect(row.preview).toMatchObject({ text: "hello", isOwn: false, authorName: "Bob" });
  expect((await bob.threadWith(name)).preview).not.toHaveProperty("authorName");
  const members = row.kind === "group" ? row.group.members : [];
  expect(members.map(({ account, tag }) => (tag === undefined ? "" : account.startsWith(tag)))).toEqual([
    "",
    true,
    true,
  ]);
});
