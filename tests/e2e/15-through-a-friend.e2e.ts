/** Three friends without a relay: two of them lose each other, and are back through the third. */
import { closeNetwork, loseEachOther, untilHelped, withClosableNetwork } from "../support/closable-network.ts";
import { expect, test } from "../support/world.ts";

const MEETING_MS = 40_000;
/** What a conversation may stand still when the device that carries it is gone without a word. */
const ANOTHER_PATH_MS = 15_000;

test("two friends reach each other through a third when the relay is gone", async ({ world }) => {
  test.setTimeout(180_000);
  const [alice, bob] = await world.pair();
  const carol = await world.person("Carol", { scripts: [withClosableNetwork] });
  await carol.startByInvite(await alice.createInvite(), alice);
  await bob.acceptInvite(await carol.createInvite(), carol);
  await expect(bob.connection).toHaveText("Direct", { timeout: MEETING_MS });
  await alice.enterConversation(carol);
  await expect(alice.connection).toHaveText("Direct", { timeout: MEETING_MS });
  for (const person of [alice, carol]) await untilHelped(person, 2);
  await world.relay.kill();

  await test.step("directly, over what the friend's device passed on", async () => {
    await loseEachOther(alice);
    await expect(alice.connection).toHaveText("Direct", { timeout: MEETING_MS });
    await alice.send("who introduced us?");
    await alice.expectState("who introduced us?", /Delivered|Read/);
    for (const { local, remote } of await alice.selectedIcePairs()) {
      expect([local, remote]).not.toContain("relay");
    }
  });

  await test.step("through the friend's device, where their networks allow no more", async () => {
    await closeNetwork(carol);
    await loseEachOther(alice);
    for (const [person, text] of [
      [alice, "through Bob"],
      [carol, "and back"],
    ] as const) {
      if (person === carol) await person.enterConversation(alice);
      await expect(person.connection).toHaveText("Through Bob", { timeout: MEETING_MS });
      await person.send(text);
      await person.expectState(text, /Delivered|Read/);
    }
  });

  await test.step("and through the relay that is back, when the friend's device goes in the middle of it", async () => {
    await world.relay.restart();
    for (const person of [alice, carol]) await expect(person.network).toContainText("Online");
    const texts = Array.from({ length: 6 }, (_, index) => `line-${index}`);
    const [before, after] = [texts.slice(0, 2), texts.slice(2)];
    for (const text of before) await alice.send(text);
    await expect(carol.message("line-1")).toBeVisible();
    await expect(alice.connection).toHaveText("Through Bob");
    await bob.killBrowser();
    const goesOn = expect(carol.message("line-2")).toBeVisible({ timeout: ANOTHER_PATH_MS });
    const writes = async (): Promise<void> => {
      for (const text of after) await alice.send(text);
    };
    await Promise.all([goesOn, writes()]);
    await expect(carol.message("line-5")).toBeVisible();
    expect(await carol.shown(/line-\d/)).toEqual(texts);
    await expect(alice.connection).toHaveText("Through relay");
  });
});
