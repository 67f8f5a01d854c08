/** `npm test` tries a clock that is ahead; KITH_LONG=1 also one that is behind. */
import type { Person } from "../support/person.ts";
import { expect, test } from "../support/world.ts";

const YEAR_MS = 365 * 86_400_000;

/** From the next page on, this person's clock is off by this much. */
async function setClockOff(person: Person, offMs: number): Promise<void> {
  await person.page.context().addInitScript((off) => {
    const { now } = Date;
    Date.now = () => now() + off;
  }, offMs);
}

/** The days that stand between messages. */
async function daysShown(person: Person): Promise<readonly string[]> {
  return await person.log.locator(".day-title").allInnerTexts();
}

for (const { way, offMs } of [
  { way: "ahead", offMs: YEAR_MS },
  ...(process.env["KITH_LONG"] === "1" ? [{ way: "behind", offMs: -YEAR_MS }] : []),
]) {
  test(`a clock that is a year ${way} on one side loses nothing and keeps the order`, async ({ world }) => {
    const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
    await setClockOff(bob, offMs);
    await alice.openAndStart();
    // To a clock a year ahead every invite has ended: the one whose clock is off makes it.
    await bob.openAndStart();
    const [inviter, guest] = way === "ahead" ? [bob, alice] : [alice, bob];
    await guest.acceptInvite(await inviter.createInvite(), inviter);
    await inviter.enterConversation(guest);

    const texts: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      for (const [writer, reader] of [
        [alice, bob],
        [bob, alice],
      ] as const) {
        const text = `${writer.name}-${round}`;
        texts.push(text);
        await writer.send(text);
        await expect(reader.message(text)).toBeVisible();
        await writer.expectState(text, /Delivered|Read/);
      }
    }
    for (const person of [alice, bob]) expect(await person.shown(/(Alice|Bob)-\d/)).toEqual(texts);

    await bob.closeBrowser();
    await expect(alice.connection).not.toHaveText("Direct");
    await alice.send("while you were away");
    await bob.returnToBrowser();
    await alice.expectState("while you were away", /Delivered|Read/, 40_000);
    for (const person of [alice, bob]) {
      expect(await person.shown(/(Alice|Bob)-\d|while you were away/)).toEqual([...texts, "while you were away"]);
    }
    // Nothing stands in a future that has not come for whoever looks.
    const now = await alice.page.evaluate(() => Date.now());
    const times = await alice.page
      .locator("time")
      .evaluateAll((all) => all.map((time) => time.getAttribute("datetime")));
    for (const time of times) if (time !== null) expect(Date.parse(time)).toBeLessThanOrEqual(now + 60_000);
    console.log(`a year ${way}: Alice sees the days ${(await daysShown(alice)).join(", ")}`);
  });
}
