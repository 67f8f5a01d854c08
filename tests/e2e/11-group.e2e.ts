import type { Locator } from "@playwright/test";
import type { Person } from "../support/person.ts";
import { expect, test } from "../support/world.ts";

const MEETING_LIMIT_MS = 60_000;

function groupLink(person: Person, name: string): Locator {
  return person.page
    .getByRole("navigation", { name: "Conversations" })
    .getByRole("link", { name: new RegExp(`^${name}`) });
}

async function enterGroup(person: Person, name: string): Promise<void> {
  await groupLink(person, name).click({ timeout: MEETING_LIMIT_MS });
  await expect(person.page.getByRole("heading", { level: 2, name })).toBeVisible();
}

test("in a group whoever saw a message delivers it, while its author's browser is closed", async ({ world }) => {
  const [alice, bob] = await world.pair();
  const carol = await world.person("Carol");
  await carol.startByInvite(await alice.createInvite(), alice);
  await expect(alice.conversationLink(carol)).toBeVisible();

  await alice.page.getByRole("button", { name: "New conversation" }).click();
  await alice.page.getByRole("button", { name: "Create group" }).click();
  const dialog = alice.page.getByRole("dialog", { name: "Create group" });
  await dialog.getByRole("textbox", { name: "Group name" }).fill("Trip");
  await dialog.getByRole("checkbox", { name: "Bob" }).check();
  await dialog.getByRole("checkbox", { name: "Carol" }).check();
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await expect(alice.page.getByRole("heading", { level: 2, name: "Trip" })).toBeVisible();
  for (const person of [bob, carol]) await enterGroup(person, "Trip");
  for (const person of [alice, bob, carol]) {
    await expect(person.connection).toHaveText("3 of 3 online", { timeout: MEETING_LIMIT_MS });
  }

  await alice.send("who comes along?");
  for (const person of [bob, carol]) await expect(person.message("who comes along?")).toBeVisible();
  await alice.expectState("who comes along?", "Read");
  await bob.send("I do");
  await expect(carol.message("I do")).toBeVisible();
  await expect(carol.log.getByRole("article", { name: /^Bob, / })).toBeVisible();

  await carol.closeBrowser();
  await expect(alice.connection).toHaveText("2 of 3 online", { timeout: MEETING_LIMIT_MS });
  await alice.send("Carol, bring the map");
  await alice.expectState("Carol, bring the map", "Delivered to 1 of 2");
  await expect(bob.message("Carol, bring the map")).toBeVisible();
  await alice.closeBrowser();
  await expect(bob.connection).toHaveText("1 of 3 online", { timeout: MEETING_LIMIT_MS });

  await carol.returnToBrowser();
  await enterGroup(carol, "Trip");
  await expect(carol.message("Carol, bring the map")).toBeVisible({ timeout: MEETING_LIMIT_MS });
  expect(await carol.shown(/who comes along\?|I do|Carol, bring the map/)).toEqual([
    "who comes along?",
    "I do",
    "Carol, bring the map",
  ]);
  await carol.closeBrowser();

  await alice.returnToBrowser();
  await enterGroup(alice, "Trip");
  await alice.expectState("Carol, bring the map", /Delivered$|Read/, MEETING_LIMIT_MS);
});
