/** From Enter in the composer to "Delivered" on the sender's screen, against what the browser itself needs for the same. */
import type { Page } from "@playwright/test";
import type { Person } from "../support/person.ts";
import { connectRaw, rawRoundTripMs, strictCommitMs } from "./raw-limits.ts";
import { type Figure, format, median, summarise, type Summary } from "./statistics.ts";

export interface DeliveryResult {
  readonly deliveredMs: Summary;
  readonly rawRoundTripMs: Summary;
  readonly strictCommitMs: Summary;
  /** Of each round: send to Delivered ÷ (raw round trip + two strict commits). */
  readonly ratio: Summary;
}

const WARM_UP_ROUNDS = 2;
const MESSAGES_A_ROUND = 10;

export async function measureDelivery(alice: Person, bob: Person, rounds: number): Promise<DeliveryResult> {
  await connectRaw(alice.page, bob.page);
  const samples: { delivered: number; roundTrip: number; commit: number }[] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
    const roundTrip = await rawRoundTripMs(alice.page);
    const commit = (await strictCommitMs(alice.page)) / 2 + (await strictCommitMs(bob.page)) / 2;
    const delivered: number[] = [];
    for (let index = 0; index < MESSAGES_A_ROUND; index += 1) {
      delivered.push(await sendToDeliveredMs(alice.page, `bench ${round}/${index} ${"x".repeat(180)}`));
    }
    if (round >= WARM_UP_ROUNDS) samples.push({ delivered: median(delivered), roundTrip, commit });
  }
  return {
    deliveredMs: summarise(samples.map((sample) => sample.delivered)),
    rawRoundTripMs: summarise(samples.map((sample) => sample.roundTrip)),
    strictCommitMs: summarise(samples.map((sample) => sample.commit)),
    ratio: summarise(samples.map(({ delivered, roundTrip, commit }) => delivered / (roundTrip + 2 * commit))),
  };
}

export function deliveryRows(delivery: DeliveryResult): readonly Figure[] {
  return [
    ["send to Delivered", format(delivery.deliveredMs, "ms")],
    ["raw data channel round trip, 200 bytes", format(delivery.rawRoundTripMs, "ms")],
    ["strict single-record commit", format(delivery.strictCommitMs, "ms")],
    ["send to Delivered ÷ (raw round trip + 2 commits), aim ≤ 3", format(delivery.ratio, "×")],
  ];
}

/** Measured inside the page, by a mutation observer: no time of the test driver is in it. */
export async function sendToDeliveredMs(page: Page, text: string): Promise<number> {
  const composer = page.getByRole("textbox", { name: "Message", exact: true });
  await composer.fill(text);
  return composer.evaluate(
    (element, sent) =>
      new Promise<number>((resolve, reject) => {
        const log = document.querySelector("[role=log]");
        if (log === null) {
          reject(new Error("no conversation is open"));
          return;
        }
        const limit = setTimeout(() => reject(new Error("not delivered in time")), 10_000);
        const start = performance.now();
        const observer = new MutationObserver(() => {
          const own = [...log.querySelectorAll("article")].findLast((article) => article.textContent.includes(sent));
          if (own === undefined || !/Delivered|Read/.test(own.textContent)) return;
          observer.disconnect();
          clearTimeout(limit);
          resolve(performance.now() - start);
        });
        observer.observe(log, { childList: true, subtree: true, characterData: true });
        element.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
      }),
    text,
  );
}
