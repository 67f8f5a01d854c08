import { writeCount } from "../support/page-probe.ts";
import { expect, test } from "../support/world.ts";

test("a second tab says so and takes over, and the first writes nothing more", async ({ world }) => {
  const [alice, bob] = await world.pair();
  await alice.send("from the first tab");
  await alice.expectState("from the first tab", "Read");

  const second = await alice.openTab(alice.page.url());
  await expect(second.getByText("Kith is open in another tab")).toBeVisible();
  await expect(second.getByRole("textbox", { name: "Message", exact: true })).toHaveCount(0);
  await bob.send("this still goes to the first tab");
  await expect(alice.message("this still goes to the first tab")).toBeVisible();

  await second.getByRole("button", { name: "Use here" }).click();
  await expect(alice.page.getByText("Kith is open in another tab")).toBeVisible();
  await expect(second.getByRole("heading", { level: 2, name: "Bob" })).toBeVisible();
  await expect(second.getByRole("log", { name: "Messages" }).getByText("from the first tab")).toBeVisible();
  const writesOfFirst = await writeCount(alice.page);

  await bob.send("now to the second tab");
  await expect(second.getByRole("log", { name: "Messages" }).getByText("now to the second tab")).toBeVisible();
  const composer = second.getByRole("textbox", { name: "Message", exact: true });
  await composer.fill("from the second tab");
  await composer.press("Enter");
  await expect(composer).toHaveValue("");
  await expect(bob.message("from the second tab")).toBeVisible();
  expect(await bob.shown(/from the (first|second) tab/)).toEqual(["from the first tab", "from the second tab"]);
  expect(await writeCount(second)).toBeGreaterThan(0);
  expect(await writeCount(alice.page)).toBe(writesOfFirst);

  await test.step("and back again", async () => {
    await alice.page.getByRole("button", { name: "Use here" }).click();
    await expect(second.getByText("Kith is open in another tab")).toBeVisible();
    await expect(alice.message("from the second tab")).toBeVisible();
    await bob.send("to the first again");
    await expect(alice.message("to the first again")).toBeVisible();
  });
});
