import { expect } from "@playwright/test";
import { test } from "../support/world.ts";

test("a browser that cannot run the script is told what to do, and nobody else is", async ({ world }) => {
  const alice = await world.person("Alice");
  const notice = alice.page.getByText("Kith has not started yet");
  await alice.page.route("**/assets/*.js", (route) => route.abort());
  await alice.open();
  await expect(notice).toBeHidden();
  await expect(notice).toBeVisible({ timeout: 15_000 });
  await alice.page.unroute("**/assets/*.js");
  await alice.openAndStart();
  await expect(notice).toHaveCount(0);
});
