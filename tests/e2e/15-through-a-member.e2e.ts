/** Two of a group go on without a relay, through a member whom neither of them knows and who chose to help anyone. */
import { closeNetwork, loseEachOther, withClosableNetwork } from "../support/closable-network.ts";
import { createGroup, enterGroup } from "../support/group-people.ts";
import type { Person } from "../support/person.ts";
import { expect, test } from "../support/world.ts";

const MEETING_MS = 40_000;

async function relayFor(person: Person, choice: "Nobody" | "Anyone"): Promise<void> {
  await person.page.getByRole("button", { name: "Settings" }).click();
  const relaying = person.page.getByRole("region", { name: "Relaying" });
  await relaying.getByRole("radiogroup", { name: "Relay for" }).getByRole("radio", { name: choice }).check();
  await person.page.keyboard.press("Escape");
}

async function askMembers(person: Person): Promise<void> {
  await person.page.getByRole("button", { name: "Settings" }).click();
  const relaying = person.page.getByRole("region", { name: "Relaying" });
  await relaying.getByRole("switch", { name: "Use help from group members" }).click();
  await person.page.keyboard.press("Escape");
}

/** Until a member helps, whose name stands in the settings. */
async function untilHelpedBy(person: Person, helper: Person, group: string): Promise<void> {
  await person.page.getByRole("button", { name: "Settings" }).click();
  await expect(person.page.getByRole("region", { name: "Relaying" })).toContainText(
    `${helper.name}, a member of ${group}, helps this device now and can see its internet address`,
    { timeout: MEETING_MS },
  );
  await person.page.keyboard.press("Escape");
}

test("two members go on through a third who is no contact of theirs, when the relay is gone", async ({ world }) => {
  test.setTimeout(180_000);
  const dave = await world.person("Dave");
  const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
  const carol = await world.person("Carol", { scripts: [withClosableNetwork] });
  await dave.openAndStart();
  const invite = await dave.createInvite({ uses: "10 times" });
  await Promise.all([alice, bob, carol].map((person) => person.startByInvite(invite, dave)));
  await carol.acceptInvite(await alice.createInvite(), alice);
  await createGroup(dave, "Book club", [alice, bob, carol]);
  await relayFor(dave, "Nobody");
  await enterGroup(bob, "Book club");
  await relayFor(bob, "Anyone");
  await alice.enterConversation(carol);
  await expect(alice.connection).toHaveText("Direct", { timeout: MEETING_MS });
  for (const person of [alice, carol]) await askMembers(person);
  for (const person of [alice, carol]) await untilHelpedBy(person, bob, "Book club");
  await world.relay.kill();

  await closeNetwork(carol);
  await loseEachOther(alice);
  for (const [person, other, text] of [
    [alice, carol, "through somebody of the club"],
    [carol, alice, "and back"],
  ] as const) {
    await person.enterConversation(other);
    await expect(person.connection).toHaveText("Through a member of Book club", { timeout: MEETING_MS });
    await person.send(text);
    await person.expectState(text, /Delivered|Read/);
  }
  await bob.page.getByRole("button", { name: "Settings" }).click();
  await expect(bob.page.getByRole("region", { name: "Relaying" })).toContainText("Helped 1 conversation");
});
