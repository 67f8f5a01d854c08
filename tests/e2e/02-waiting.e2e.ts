import { expect, test } from "../support/world.ts";

test("messages to somebody who is away wait, can be changed, and arrive in order", async ({ world }) => {
  const [alice, bob] = await world.pair();
  await expect(alice.connection).toHaveText("Direct");
  await bob.closeBrowser();
  await expect(alice.connection).not.toHaveText("Direct");

  for (const text of ["first of three", "second with a misteak", "third to be cancelled"]) await alice.send(text);
  await alice.chooseAction("second with a misteak", "Edit");
  await expect(alice.composer).toHaveValue("second with a misteak");
  await alice.send("second without mistakes");
  await alice.chooseAction("third to be cancelled", "Cancel");
  await expect(alice.message("third to be cancelled")).toHaveCount(0);

  const waiting = async (): Promise<void> => {
    await expect(alice.log.getByRole("article")).toHaveCount(2);
    expect(await alice.shown(/first of three|second without mistakes|misteak|third/)).toEqual([
      "first of three",
      "second without mistakes",
    ]);
    for (const text of ["first of three", "second without mistakes"]) {
      expect(await alice.stateOf(text)).toBe("Waiting for Bob");
    }
  };
  await waiting();
  await alice.reload();
  await waiting();
  await expect(alice.connection).toHaveText("Away", { timeout: 30_000 });

  await bob.returnToBrowser();
  await expect(bob.message("second without mistakes")).toBeVisible({ timeout: 40_000 });
  expect(await bob.shown(/first of three|second without mistakes|misteak|third/)).toEqual([
    "first of three",
    "second without mistakes",
  ]);
  for (const text of ["first of three", "second without mistakes"]) await alice.expectState(text, /Delivered|Read/);
});
