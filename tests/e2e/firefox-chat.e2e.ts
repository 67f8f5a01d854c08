/** Two makers' browsers meet: Firefox invites Chromium, and Chromium invites Firefox. Skipped where no Firefox can be had. */
import { FirefoxPerson } from "../support/firefox-person.ts";
import { findFirefox } from "../support/firefox.ts";
import type { Person } from "../support/person.ts";
import { expect, test, type World } from "../support/world.ts";

const firefox = findFirefox() ?? "";
test.skip(firefox === "", "no Firefox is installed: see the start of the test run for the reason");

async function withFirefox(world: World, name: string, use: (person: FirefoxPerson) => Promise<void>): Promise<void> {
  const person = await FirefoxPerson.create(name, firefox);
  try {
    await person.open(world.app.url);
    await use(person);
    expect(person.problems).toEqual([]);
  } finally {
    await person.dispose();
  }
}

/** Each writes to the other, who looks later: Delivered first, then Read, over a direct link. */
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

  await fox.expectConnection("Direct");
  await expect(crow.connection).toHaveText("Direct");
  for (const pair of await crow.selectedIcePairs()) expect([pair.local, pair.remote]).not.toContain("relay");
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
    await chat(frida, bob);
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
    await chat(frida, alice);
  });
});
