/**
 * Conversations of a thousand messages in the browser's own database: all of it can be reached, and nothing comes twice. Five of them;
 * KITH_CONVERSATIONS=20 takes twenty, as the benchmark of smoothness does.
 */
import { fillStore } from "../support/filled-store.ts";
import type { Person } from "../support/person.ts";
import { expect, test } from "../support/world.ts";

const CONVERSATIONS = Number(process.env["KITH_CONVERSATIONS"] ?? "5");
const MESSAGES_EACH = 1_000;
const WHEEL_PX = -3_000;
const LONG_MESSAGES = 60;
/** Just below the limit of a message. */
const LONG_WORDS = 1_700;
const MOST_TURNS = 400;

test("scrolls through a thousand messages without a gap, and switches among conversations", async ({ world }) => {
  const maple = await world.person("Maple");
  const { page } = maple;
  await maple.openAndStart();
  await fillStore(page, { conversations: CONVERSATIONS, messagesEach: MESSAGES_EACH });
  await maple.reload();
  const links = page.getByRole("navigation", { name: "Conversations" }).getByRole("link");
  await expect(links).toHaveCount(CONVERSATIONS);
  const open = async (number: number): Promise<void> => {
    await page.getByRole("link", { name: new RegExp(`^Contact ${number}\\b`) }).click();
    await expect(maple.log.getByText(`Message ${MESSAGES_EACH} of ${number}:`)).toBeInViewport();
  };

  await test.step("every message comes by, in order, and few stand in the page", async () => {
    await open(CONVERSATIONS);
    expect(await readToTheTop(maple, 200)).toBe(MESSAGES_EACH);
    await page.getByRole("button", { name: "Newest messages" }).click();
    await expect(maple.log.getByText(`Message ${MESSAGES_EACH} of ${CONVERSATIONS}:`)).toBeInViewport();
  });
  await test.step("each conversation opens at its own newest message", async () => {
    for (let number = CONVERSATIONS - 1; number >= 1; number -= 1) {
      await open(number);
      await expect(maple.log.getByText(`of ${number}:`).first()).toBeAttached();
      await expect(maple.log.getByText(`of ${number + 1}:`)).toHaveCount(0);
    }
  });
});

test("of messages that fill screens few stand in the page, and all of them come by", async ({ world }) => {
  const maple = await world.person("Maple");
  const { page } = maple;
  await maple.openAndStart();
  await fillStore(page, { conversations: 1, messagesEach: LONG_MESSAGES, words: LONG_WORDS });
  await maple.reload();
  await page.getByRole("link", { name: /^Contact 1\b/ }).click();
  await expect(maple.log.getByText(`Message ${LONG_MESSAGES} of 1:`)).toBeAttached();
  expect(await readToTheTop(maple, 10)).toBe(LONG_MESSAGES);
  await page.getByRole("button", { name: "Newest messages" }).click();
  await expect(maple.log.getByRole("article").last()).toContainText(`Message ${LONG_MESSAGES} of 1:`);
  await maple.send("read them all");
  await expect(maple.message("read them all")).toBeInViewport();
});

/** Scrolls up until the first message, and sees no gap on the way: how many came by. */
async function readToTheTop(person: Person, mostInPage: number): Promise<number> {
  const numbersNow = () =>
    person.log
      .getByRole("article")
      .evaluateAll((articles) =>
        articles.map((article) => Number(/Message (\d+) of \d+:/.exec(article.textContent)?.[1])),
      );
  const seen = new Set<number>();
  await person.log.hover();
  for (let turn = 0; turn < MOST_TURNS && !seen.has(1); turn += 1) {
    const numbers = await numbersNow();
    const first = numbers[0] ?? Number.NaN;
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, index) => first + index));
    expect(numbers.length).toBeLessThanOrEqual(mostInPage);
    for (const number of numbers) seen.add(number);
    await person.page.mouse.wheel(0, WHEEL_PX);
  }
  return seen.size;
}
