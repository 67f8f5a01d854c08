/**
 * Two makers' browsers meet: Firefox invites Chromium, Chromium invites Firefox, and others carry it for them. Skipped where no Firefox can
 * be had.
 */
import { closeNetwork, untilHelped, withClosableNetwork } from "../support/closable-network.ts";
import { FirefoxPerson } from "../support/firefox-person.ts";
import { findFirefox } from "../support/firefox.ts";
import type { Person } from "../support/person.ts";
import { expect, test, type World } from "../support/world.ts";

const firefox = findFirefox() ?? "";
test.skip(firefox === "", "no Firefox is installed: see the start of the test run for the reason");

/** What Firefox logs by itself when a relay is gone. */
const NO_RELAY = /(establish a connection to the server at|The connection to) ws:/;
/** What it logs by itself when a direct link cannot be: told where that is meant only. */
const NO_DIRECT_LINK = /WebRTC: ICE failed/;

async function withFirefox(
  world: World,
  name: string,
  use: (person: FirefoxPerson) => Promise<void>,
  expected: readonly RegExp[] = [NO_RELAY],
): Promise<void> {
  const person = await FirefoxPerson.create(name, firefox);
  try {
    await person.open(world.app.url);
    await use(person);
    expect(person.problems.filter((problem) => !expected.some((one) => one.test(problem)))).toEqual([]);
  } finally {
    await person.dispose();
  }
}

/** Over a direct link. */
async function chatDirectly(fox: FirefoxPerson, crow: Person): Promise<void> {
  await chat(fox, crow);
  await fox.expectConnection("Direct");
  await expect(crow.connection).toHaveText("Direct");
  for (const pair of await crow.selectedIcePairs()) expect([pair.local, pair.remote]).not.toContain("relay");
}

/** Each writes to the other, who looks later: Delivered first, then Read. */
async function chat(fox: FirefoxPerson, crow: Person): Promise<void> {
  await crow.leaveConversation();
  await fox.send("Hello from Firefox");
  expect((await fox.message("Hello from Firefox", "Delivered")).label).toMatch(/^You, /);
  await crow.page.getByRole("link", { name: new RegExp(`^${fox.name}`) }).click();
  await expect(crow.message("Hello from Firefox")).toHaveAccessibleName(new RegExp(`^${fox.name}, `));
  expect((await fox.message("Hello from Firefox", "Read")).text).not.toContain("Delivered");

  await fox.leaveConversation();
  await crow.send("Hello from Chromium");
  await crow.expectState("Hello from Chromium", "Delivered");
  await fox.enterConversation(crow.name);
  expect((await fox.message("Hello from Chromium")).label).toMatch(new RegExp(`^${crow.name}, `));
  await crow.expectState("Hello from Chromium", "Read");
}

test("Firefox invites Chromium", async ({ world }) => {
  await withFirefox(world, "Frida", async (frida) => {
    await frida.start();
    await frida.expectOnline();
    const link = await frida.createInvite();
    const bob = await world.person("Bob");
    await bob.open(link);
    await expect(bob.page.getByText("Frida invites you to chat")).toBeVisible();
    await bob.start();
    await frida.enterConversation("Bob");
    await chatDirectly(frida, bob);
    // Kept: the history is there after a new start.
    await frida.page.reload();
    await frida.message("Hello from Chromium");
  });
});

test("Chromium invites Firefox", async ({ world }) => {
  const alice = await world.person("Alice");
  await alice.openAndStart();
  const link = await alice.createInvite();
  await withFirefox(world, "Frida", async (frida) => {
    await frida.open("about:blank");
    await frida.open(link);
    await frida.waitFor("main", "Alice invites you to chat");
    await frida.start();
    await frida.expectConversation("Alice");
    await alice.page.getByRole("link", { name: /^Frida/ }).click();
    await chatDirectly(frida, alice);
  });
});

test("Firefox and Chromium, where no direct link can be, go through the relay, and through a friend's tab when it is gone", async ({
  world,
}) => {
  const bob = await world.person("Bob");
  const carol = await world.person("Carol", { scripts: [withClosableNetwork] });
  await bob.openAndStart();
  const link = await bob.createInvite({ uses: "10 times" });
  await carol.startByInvite(link, bob);
  await expect(carol.connection).toHaveText("Direct");
  // What she has with Bob stays; nobody else gets a direct link with her.
  await closeNetwork(carol);
  const meet = async (frida: FirefoxPerson): Promise<void> => {
    await frida.open("about:blank");
    await frida.open(link);
    await frida.waitFor("main", "Bob invites you to chat");
    await frida.start();
    await frida.expectConnection("Direct");
    await carol.acceptInvite(await frida.createInvite(), { name: frida.name });
    await frida.enterConversation(carol.name);
    await frida.expectConnection("Through relay");
    await chat(frida, carol);
    await expect(carol.connection).toHaveText("Through relay");

    await untilHelped(carol, 2);
    await world.relay.kill();
    await frida.expectConnection("Through Bob");
    await expect(carol.connection).toHaveText("Through Bob");
    await frida.send("Bob carries this");
    await expect(carol.message("Bob carries this")).toBeVisible();
    await carol.send("and this");
    await carol.expectState("and this", "Read");
  };
  await withFirefox(world, "Frida", meet, [NO_RELAY, NO_DIRECT_LINK]);
});
