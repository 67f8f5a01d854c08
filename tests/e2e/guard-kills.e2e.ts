/**
 * A browser that dies again and again while a backlog of 2,000 messages comes in. `npm test` kills it three times; KITH_LONG=1 makes
 * it the full 20.
 */
import { setTimeout as randomMoment } from "node:timers/promises";
import { storedTexts, writeBacklog } from "../support/backlog.ts";
import { seededRandom } from "../support/seeded-random.ts";
import { expect, test } from "../support/world.ts";

const MESSAGES = 2_000;
const IS_LONG = process.env["KITH_LONG"] === "1";
const KILLS = IS_LONG ? 20 : 3;
/** From before the first packet to after the last. */
const MAX_MOMENT_MS = 4_000;

test(`nothing is lost or doubled when a sync of ${MESSAGES} messages is killed ${KILLS} times`, async ({ world }) => {
  test.setTimeout(IS_LONG ? 600_000 : 120_000);
  const seed = Date.now() % 1_000_000;
  console.log(`killing at random moments of seed ${seed}`);
  const random = seededRandom(seed);
  const [alice, bob] = await world.pair();
  await expect(bob.connection).toHaveText("Direct");
  await bob.killBrowser();
  const conversation = alice.page.url();
  await alice.open(new URL("network.json", world.app.url).href);
  await writeBacklog(alice.page, new URL(conversation).hash.slice("#/c/".length), MESSAGES);
  await alice.open(conversation);
  await expect(alice.message(`m${MESSAGES - 1}`)).toContainText("Waiting for Bob");

  const held: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    await bob.returnToBrowser();
    // The database is looked into once the app has it open: whoever opens it first after a kill waits for its recovery.
    await expect(bob.conversationHeading(alice)).toBeVisible();
    held.push((await storedTexts(bob.page)).length);
    await randomMoment(random() * MAX_MOMENT_MS);
    await bob.killBrowser();
  }
  await bob.returnToBrowser();
  await expect(bob.conversationHeading(alice)).toBeVisible();
  await expect
    .poll(async () => (await storedTexts(bob.page)).length, { timeout: 60_000 })
    .toBeGreaterThanOrEqual(MESSAGES);
  console.log(`held after each start: ${held.join(", ")}`);
  const expected = Array.from({ length: MESSAGES }, (_, index) => `m${index}`);
  expect(await storedTexts(bob.page)).toEqual(expected);
  await alice.reload();
  await expect(alice.message(`m${MESSAGES - 1}`)).toContainText(/Delivered|Read/, { timeout: 40_000 });
});
