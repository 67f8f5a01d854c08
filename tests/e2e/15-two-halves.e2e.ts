/**
 * A group of ten falls into two halves. Each goes on writing, and changes who may do what; then they meet, and all have the same
 * messages in the same order and the same members in the same roles.
 */
import {
  changeRole,
  createGroup,
  enterGroup,
  groupHeading,
  MEETING_LIMIT_MS,
  membersShown,
  renameGroup,
} from "../support/group-people.ts";
import { bringTogether, networkCut, type Side, takeApart } from "../support/partition.ts";
import type { Person } from "../support/person.ts";
import { AppServer, RelayServer } from "../support/servers.ts";
import { launchSharedBrowser } from "../support/shared-browser.ts";
import { expect, test, type World } from "../support/world.ts";

const TEST_LIMIT_MS = 240_000;
const LEFT = ["Bob", "Carol", "Dave", "Erin"];
const RIGHT = ["Frank", "Gina", "Hal", "Ivan", "Judy"];

/** With a relay and a browser of its own. */
interface Half {
  readonly people: readonly Person[];
  readonly side: Side;
}

test("two halves of a group that were apart come to the same messages and members", async ({ world }) => {
  test.setTimeout(TEST_LIMIT_MS);
  const relay = await RelayServer.start();
  const app = await AppServer.start([relay.address]);
  world.atEnd(() => Promise.all([relay.dispose(), app.dispose()]));
  const left = await half(world, ["Alice", ...LEFT], world.relay, world.app);
  const right = await half(world, RIGHT, relay, app);
  const everybody = [...left.people, ...right.people];
  const [alice, bob] = left.people as readonly [Person, Person];
  const [frank, gina, hal] = right.people as readonly [Person, Person, Person];

  await alice.openAndStart();
  const invite = await alice.createInvite({ uses: "10 times" });
  const onTheRight = `${app.url}${invite.slice(invite.indexOf("#"))}`;
  const others = everybody.filter((person) => person !== alice);
  await Promise.all(
    others.map((person) => person.startByInvite(left.people.includes(person) ? invite : onTheRight, alice)),
  );
  for (const person of others) await expect(alice.conversationLink(person)).toBeVisible();
  await createGroup(alice, "Choir", others);
  for (const person of others) await enterGroup(person, "Choir");
  const together = await everyoneSays(everybody, "together");
  await expectSeen(everybody, together);
  await changeRole(alice, frank, "Make admin");
  await changeRole(alice, gina, "Make admin");
  await expect(frank.log).toContainText("Alice made you an admin");
  await expect(gina.log).toContainText("Alice made you an admin");

  await takeApart(left.side, right.side);
  const leftSaid = await everyoneSays(left.people, "left");
  const rightSaid = await everyoneSays(right.people, "right");
  // Those whom Alice made admins are junior to her, and what Frank does while she makes him none is void.
  await changeRole(alice, bob, "Make admin");
  await changeRole(alice, frank, "Make member");
  await renameGroup(alice, "Left choir");
  await changeRole(gina, hal, "Make admin");
  await renameGroup(frank, "Right choir");
  await expectSeen(left.people, leftSaid);
  await expectSeen(right.people, rightSaid);
  for (const person of left.people) await expect(groupHeading(person, "Left choir")).toBeVisible();
  for (const person of right.people) await expect(groupHeading(person, "Right choir")).toBeVisible();
  for (const text of rightSaid) await expect(alice.message(text)).toHaveCount(0);
  for (const text of leftSaid) await expect(gina.message(text)).toHaveCount(0);

  await bringTogether(left.side, right.side);
  await expectSeen(everybody, [...leftSaid, ...rightSaid], MEETING_LIMIT_MS);
  await frank.send("Frank, whole again");
  await expectSeen(everybody, ["Frank, whole again"]);
  const all = await alice.shown(/\w+, (together|left|right|whole again)/);
  expect(all.toSorted()).toEqual([...together, ...leftSaid, ...rightSaid, "Frank, whole again"].toSorted());
  const roles = everybody.map(
    ({ name }) => `${name}: ${["Alice", "Bob", "Gina", "Hal"].includes(name) ? "Admin" : "Member"}`,
  );
  for (const person of everybody) {
    await expect
      .poll(() => person.shown(/\w+, (together|left|right|whole again)/), `order of ${person.name}`)
      .toEqual(all);
    await expect(groupHeading(person, "Left choir")).toBeVisible();
    expect(await membersShown(person), `members as ${person.name} sees them`).toEqual(roles.toSorted());
  }
});

async function half(world: World, names: readonly string[], relay: RelayServer, app: AppServer): Promise<Half> {
  const browser = await launchSharedBrowser();
  world.atEnd(() => browser.close());
  const people: Person[] = [];
  for (const name of names) people.push(await world.person(name, { browser, scripts: [networkCut], appUrl: app.url }));
  const relayPort = /\/tcp\/(\d+)\//.exec(relay.address)?.[1] ?? "";
  return { people, side: { pages: people.map(({ page }) => page), relayPort } };
}

/** One message of each. The texts. */
async function everyoneSays(people: readonly Person[], when: string): Promise<readonly string[]> {
  const texts = people.map(({ name }) => `${name}, ${when}`);
  await Promise.all(people.map((person, index) => person.send(texts[index] ?? "")));
  return texts;
}

async function expectSeen(people: readonly Person[], texts: readonly string[], timeout = 20_000): Promise<void> {
  for (const person of people) {
    for (const text of texts) {
      await expect(person.message(text), `${person.name} has "${text}"`).toBeVisible({ timeout });
    }
  }
}
