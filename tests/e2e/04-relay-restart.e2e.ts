import { expect, test } from "../support/world.ts";

test("an open chat outlives the relay, and a reloaded tab is reachable again once it is back", async ({ world }) => {
  const [alice, bob] = await world.pair();
  await expect(alice.connection).toHaveText("Direct");
  await expect(bob.connection).toHaveText("Direct");

  await test.step("the chat goes on without a relay", async () => {
    // Each may go on being reachable through the other's device: the network may say so.
    await world.relay.kill();
    await alice.send("can you read this without a relay?");
    await alice.expectState("can you read this without a relay?", "Read");
    await bob.send("yes, I can");
    await bob.expectState("yes, I can", "Read");
    await expect(alice.connection).toHaveText("Direct");
  });

  await test.step("a tab that reloads without a relay shows its history", async () => {
    await bob.reload();
    await expect(bob.message("yes, I can")).toBeVisible();
    await expect(bob.network).toContainText("Connecting");
    await bob.send("written while nobody could be reached");
    expect(await bob.stateOf("written while nobody could be reached")).toBe("Waiting for Alice");
  });

  await test.step("everything comes back by itself with the relay", async () => {
    await world.relay.restart();
    await expect(bob.network).toContainText("Online", { timeout: 40_000 });
    await expect(alice.network).toContainText("Online", { timeout: 40_000 });
    await expect(alice.message("written while nobody could be reached")).toBeVisible({ timeout: 40_000 });
    await bob.expectState("written while nobody could be reached", "Read");
    await expect(alice.connection).toHaveText("Direct", { timeout: 40_000 });
    await expect(bob.connection).toHaveText("Direct", { timeout: 40_000 });
  });
});
