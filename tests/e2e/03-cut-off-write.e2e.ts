import { leaveCutOffRecord } from "../support/cut-off-record.ts";
import { expect, test } from "../support/world.ts";

test("a write that was cut off by a kill costs nothing that was stored, now or later", async ({ world }) => {
  const [alice, bob] = await world.pair();
  await alice.send("before");
  await alice.expectState("before", "Read");
  await alice.killBrowser();
  leaveCutOffRecord(alice.profileFolder);

  const sent = ["before"];
  for (const text of ["after the first", "after the second"]) {
    await alice.returnToBrowser();
    await expect(alice.conversationHeading(bob)).toBeVisible();
    await alice.send(text);
    sent.push(text);
    await alice.expectState(text, /Delivered|Read/);
    await alice.killBrowser();
  }
  await alice.returnToBrowser();
  await expect.poll(() => alice.shown(/before|after the \w+/)).toEqual(sent);
  await expect.poll(() => bob.shown(/before|after the \w+/)).toEqual(sent);
});
