import { expect, test } from "../support/world.ts";

test("an invite works while the inviter is away", async ({ world }) => {
  const [alice, bob] = await Promise.all([world.person("Alice"), world.person("Bob")]);
  await alice.openAndStart();
  const link = await alice.createInvite();
  await alice.closeBrowser();

  await bob.startByInvite(link, alice);
  await bob.send("I followed your link");
  await bob.send("write when you are back");
  for (const text of ["I followed your link", "write when you are back"]) {
    expect(await bob.stateOf(text)).toBe("Waiting for Alice");
  }
  await bob.reload();
  await expect(bob.log.getByRole("article")).toHaveCount(2);

  await alice.returnToBrowser();
  await expect(alice.conversationLink(bob)).toBeVisible({ timeout: 40_000 });
  await alice.enterConversation(bob);
  await expect(alice.message("write when you are back")).toBeVisible();
  expect(await alice.shown(/followed your link|when you are back/)).toEqual([
    "followed your link",
    "when you are back",
  ]);
  for (const text of ["I followed your link", "write when you are back"]) await bob.expectState(text, /Delivered|Read/);
  await alice.send("I am back");
  await expect(bob.message("I am back")).toBeVisible();
});
