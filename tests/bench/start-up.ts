/** From navigation to usable: "Online" with an empty and with a filled cache, and an invited person's first message at the inviter. */
import type { Page } from "@playwright/test";
import type { Person } from "../support/person.ts";
import type { World } from "../support/world.ts";
import { type Marks, noteMarks, readMarks } from "./page-marks.ts";
import { type Figure, format, summarise, type Summary } from "./statistics.ts";

export interface OnlineResult {
  /** Script compiled and cached anew. */
  readonly emptyCacheMs: Summary;
  readonly filledCacheMs: Summary;
  /** Of the filled cache: until the history stands on the screen. */
  readonly historyMs: Summary;
}

const TIMEOUT_MS = 20_000;

/** A person who has a conversation reloads the page: interleaved, once without the cache, once with it. */
export async function measureOnline(person: Person, rounds: number): Promise<OnlineResult> {
  const session = await person.page.context().newCDPSession(person.page);
  await session.send("Network.enable");
  const empty: number[] = [];
  const filled: number[] = [];
  const history: number[] = [];
  await person.page.addInitScript(noteMarks);
  for (let round = 0; round < rounds; round += 1) {
    // The service worker would answer in place of the network.
    await session.send("Network.clearBrowserCache");
    await session.send("Network.setBypassServiceWorker", { bypass: true });
    empty.push((await reloadMarks(person.page)).online);
    await session.send("Network.setBypassServiceWorker", { bypass: false });
    const marks = await reloadMarks(person.page);
    filled.push(marks.online);
    history.push(marks.history);
  }
  await session.detach();
  return { emptyCacheMs: summarise(empty), filledCacheMs: summarise(filled), historyMs: summarise(history) };
}

/** Time from the invited person's navigation until their first message is on the inviter's screen. A new profile each round. */
export async function measureFirstMessage(world: World, rounds: number): Promise<Summary> {
  const alice = await world.person("Alice");
  await alice.openAndStart();
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const link = await alice.createInvite();
    const guest = await world.person(`Guest${round}`);
    const start = performance.now();
    await guest.open(link);
    await guest.start();
    await guest.send(`first words of ${guest.name}`);
    await alice.conversationLink(guest).filter({ hasText: "first words" }).waitFor({ timeout: TIMEOUT_MS });
    samples.push(performance.now() - start);
    await guest.closeBrowser();
  }
  return summarise(samples);
}

export function onlineRows(online: OnlineResult): readonly Figure[] {
  return [
    ["navigation to Online, empty cache", format(online.emptyCacheMs, "ms")],
    ["navigation to Online, filled cache", format(online.filledCacheMs, "ms")],
    ["navigation to history on screen, filled cache", format(online.historyMs, "ms")],
  ];
}

export function firstMessageRows(firstMessage: Summary): readonly Figure[] {
  return [["invite link opened to first message at the inviter", format(firstMessage, "ms")]];
}

async function reloadMarks(page: Page): Promise<Marks> {
  await page.reload();
  return readMarks(page, ["history", "online"]);
}
