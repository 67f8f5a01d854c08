/** Whoever saw a message delivers it: with three people, with five, and with three whose relay is gone. */
import { createGroup, enterGroup, MEETING_LIMIT_MS } from "../support/group-people.ts";
import { cutBetween } from "../support/partition.ts";
import type { Person } from "../support/person.ts";
import { launchSharedBrowser } from "../support/shared-browser.ts";
import { expect, test } from "../support/world.ts";

test("in a group whoever saw a message delivers it, while its author's browser is closed", async ({ world }) => {
  const [alice, bob] = await world.pair();
  const carol = await world.person("Carol");
  await carol.startByInvite(await alice.createInvite(), alice);
  await expect(alice.conversationLink(carol)).toBeVisible();
  await createGroup(alice, "Trip", [bob, carol]);
  for (const person of [bob, carol]) await enterGroup(person, "Trip");
  for (const person of [alice, bob, carol]) await expectOnline(person, "3 of 3 online");

  await alice.send("who comes along?");
  for (const person of [bob, carol]) await expect(person.message("who comes along?")).toBeVisible();
  await alice.expectState("who comes along?", "Read");
  await bob.send("I do");
  await expect(carol.message("I do")).toBeVisible();
  await expect(carol.log.getByRole("article", { name: /^Bob, / })).toBeVisible();

  await test.step("a picture that its admin chose is shown to all, and told in a line", async () => {
    await alice.page.getByRole("button", { name: "Details" }).click();
    await alice.page.getByLabel("Choose picture").setInputFiles("public/icon-512.png");
    await expect(alice.page.getByRole("button", { name: "Remove picture" })).toBeVisible();
    await alice.page.keyboard.press("Escape");
    for (const person of [bob, carol]) {
      const picture = person.page.locator(".head img.group-picture");
      await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(192);
      await expect(person.log).toContainText("Alice changed the picture");
    }
  });

  await carol.closeBrowser();
  await expectOnline(alice, "2 of 3 online");
  await alice.send("Carol, bring the map");
  await alice.expectState("Carol, bring the map", "Delivered to 1 of 2");
  await expect(bob.message("Carol, bring the map")).toBeVisible();
  await alice.closeBrowser();
  await expectOnline(bob, "1 of 3 online");

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

test("in a group of five a message comes from those who have it from others, whoever they are", async ({ world }) => {
  const [alice, bob] = await world.pair();
  const shared = await launchSharedBrowser();
  world.atEnd(() => shared.close());
  const carol = await world.person("Carol");
  const dave = await world.person("Dave", { browser: shared });
  const erin = await world.person("Erin", { browser: shared });
  for (const person of [carol, dave, erin]) {
    await person.startByInvite(await alice.createInvite(), alice);
    await expect(alice.conversationLink(person)).toBeVisible();
  }
  await createGroup(alice, "Trip", [bob, carol, dave, erin]);
  for (const person of [bob, carol, dave, erin]) await enterGroup(person, "Trip");
  for (const person of [alice, bob, carol, dave, erin]) await expectOnline(person, "5 of 5 online");
  await alice.send("who comes along?");
  for (const person of [bob, carol, dave, erin]) await expect(person.message("who comes along?")).toBeVisible();

  await carol.closeBrowser();
  await expectOnline(alice, "4 of 5 online");
  await alice.send("Carol, bring the map");
  for (const person of [bob, dave, erin]) await expect(person.message("Carol, bring the map")).toBeVisible();
  await alice.closeBrowser();
  await expect(bob.message("Carol, bring the map")).toBeVisible();
  await bob.closeBrowser();
  await expectOnline(erin, "2 of 5 online");

  // Neither Dave nor Erin is a contact of hers.
  await carol.returnToBrowser();
  await enterGroup(carol, "Trip");
  await expect(carol.message("Carol, bring the map")).toBeVisible({ timeout: MEETING_LIMIT_MS });
  await expectOnline(carol, "3 of 5 online");
});

test("without a relay a message still comes through whoever is linked to both", async ({ world }) => {
  const [alice, bob] = await world.pair();
  const carol = await world.person("Carol");
  await carol.startByInvite(await alice.createInvite(), alice);
  await bob.acceptInvite(await carol.createInvite(), carol);
  await createGroup(alice, "Trip", [bob, carol]);
  for (const person of [bob, carol]) await enterGroup(person, "Trip");
  const everybody = [alice, bob, carol];
  for (const person of everybody) {
    await expect.poll(async () => (await person.selectedIcePairs()).length, { timeout: MEETING_LIMIT_MS }).toBe(2);
    await expectOnline(person, "3 of 3 online");
  }
  await alice.send("who comes along?");
  for (const person of [bob, carol]) await expect(person.message("who comes along?")).toBeVisible();

  await world.relay.kill();
  await alice.send("the relay is gone");
  for (const person of [bob, carol]) await expect(person.message("the relay is gone")).toBeVisible();

  // Nothing is left between Alice and Carol but Bob.
  expect(await cutBetween([alice.page], [carol.page])).toBeGreaterThan(0);
  await alice.send("Carol, bring the map");
  await expect(carol.message("Carol, bring the map")).toBeVisible({ timeout: MEETING_LIMIT_MS });
  await alice.closeBrowser();
  await carol.send("I have it");
  await expect(bob.message("I have it")).toBeVisible();
  expect(await carol.shown(/the relay is gone|bring the map|I have it/)).toEqual([
    "the relay is gone",
    "bring the map",
    "I have it",
  ]);
});

async function expectOnline(person: Person, words: string): Promise<void> {
  await expect(person.connection).toHaveText(words, { timeout: MEETING_LIMIT_MS });
}
