/** With twenty conversations and 20,000 messages on the device: the longest tasks of the main thread, by what the person does. */
import type { Page } from "@playwright/test";
import { fillStore } from "../support/filled-store.ts";
import { traceTasks, type BusyTask } from "../support/main-thread.ts";
import type { World } from "../support/world.ts";
import type { Figure } from "./statistics.ts";

const CONVERSATIONS = 20;
const MESSAGES_EACH = 1_000;
const SETTLE_MS = 2_000;
const LONG_TASK_MS = 50;
const WHEEL_PX = 700;
const WHEEL_TURNS = 120;
const FRAME_MS = 16;

interface Smoothness {
  readonly longestMs: number;
  readonly longTasks: readonly BusyTask[];
}

/** `firstStart` has no compiled script in the cache. */
type SmoothnessResult = Readonly<Record<"firstStart" | "start" | "opening" | "scrolling" | "switching", Smoothness>>;

export async function measureSmoothness(world: World): Promise<SmoothnessResult> {
  const person = await world.person("Maple");
  await person.openAndStart();
  const { page } = person;
  await fillStore(page, { conversations: CONVERSATIONS, messagesEach: MESSAGES_EACH });
  const link = (number: number) => page.getByRole("link", { name: new RegExp(`^Contact ${number}\\b`) });
  const log = page.getByRole("log", { name: "Messages" });

  const session = await page.context().newCDPSession(page);
  await session.send("Network.clearBrowserCache");
  await session.detach();
  const reload = async (): Promise<void> => {
    await page.reload();
    await link(CONVERSATIONS).waitFor();
    await person.network.filter({ hasText: "Online" }).waitFor();
    await page.waitForTimeout(SETTLE_MS);
  };
  const firstStart = await traceTasks(page, reload);
  // Once more for the browser's own cache of compiled script.
  await reload();
  const start = await traceTasks(page, reload);
  const opening = await traceTasks(page, async () => {
    await link(CONVERSATIONS).click();
    await log.getByText(`Message ${MESSAGES_EACH} of ${CONVERSATIONS}:`).waitFor();
    await page.waitForTimeout(FRAME_MS * 20);
  });
  const scrolling = await traceTasks(page, async () => {
    await log.hover();
    await wheel(page, -WHEEL_PX);
    await wheel(page, WHEEL_PX);
  });
  const switching = await traceTasks(page, async () => {
    for (let number = CONVERSATIONS - 1; number >= 1; number -= 1) {
      await link(number).click();
      await log.getByText(`Message ${MESSAGES_EACH} of ${number}:`).waitFor();
    }
  });
  await person.closeBrowser();
  return {
    firstStart: summary(firstStart),
    start: summary(start),
    opening: summary(opening),
    scrolling: summary(scrolling),
    switching: summary(switching),
  };
}

export function smoothnessRows(result: SmoothnessResult): readonly Figure[] {
  return Object.entries(result).map(([what, { longestMs, longTasks }]) => [
    `20,000 messages, ${what}: longest task of the main thread, aim ≤ ${LONG_TASK_MS}`,
    `${longestMs.toFixed(0)} ms${longTasks.length > 0 ? `, ${longTasks.length} over: ${longTasks[0]?.parts ?? ""}` : ""}`,
  ]);
}

async function wheel(page: Page, deltaY: number): Promise<void> {
  for (let turn = 0; turn < WHEEL_TURNS; turn += 1) {
    await page.mouse.wheel(0, deltaY);
    await page.waitForTimeout(FRAME_MS);
  }
}

function summary(tasks: readonly BusyTask[]): Smoothness {
  return { longestMs: tasks[0]?.ms ?? 0, longTasks: tasks.filter((task) => task.ms > LONG_TASK_MS) };
}
