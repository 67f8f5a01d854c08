/**
 * Starts with much stored against starts with nothing, interleaved: from the navigation to the history on screen and to "Online". Between
 * them a store of the same conversations with one screen of messages each, which tells messages from conversations.
 *
 * The stores are filled with rows of the schema, not by the core: a hundred thousand signatures would take longer than the benchmark.
 */
import { fillStore } from "../support/filled-store.ts";
import type { Person } from "../support/person.ts";
import type { World } from "../support/world.ts";
import { type Marks, noteMarks, readMarks } from "./page-marks.ts";
import { type Figure, format, summarise, type Summary } from "./statistics.ts";

const CONVERSATIONS = 20;
/** As many as an opened conversation loads. */
const SCREENFUL = 80;
const WARM_UP_ROUNDS = 2;
const OFFLINE_PAUSE_MS = 300;

interface Store {
  readonly messages: number;
  readonly person: Person;
  readonly url: string;
  readonly marks: Marks[];
}

export interface HistoryStart {
  readonly messages: number;
  /** From the navigation. The main screen with its list, the messages of the open conversation (none when empty), and "Online". */
  readonly ms: Readonly<Record<keyof Marks, Summary>>;
  /** Of each round: this store ÷ the empty one; for the messages, ÷ one screenful in each conversation. */
  readonly ratio: Readonly<Record<keyof Marks, Summary>>;
}

/** The first is the empty store, the second has a screenful in each conversation, then these sizes. */
export async function measureHistoryStarts(
  world: World,
  rounds: number,
  sizes: readonly number[],
): Promise<readonly HistoryStart[]> {
  const stores: Store[] = [];
  for (const messages of [0, CONVERSATIONS * SCREENFUL, ...sizes]) stores.push(await filled(world, messages));
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
    for (const store of stores) {
      const marks = await start(store);
      if (round >= WARM_UP_ROUNDS) store.marks.push(marks);
    }
  }
  for (const { person } of stores) await person.closeBrowser();

  const [empty, screenful] = stores;
  return stores.map(({ messages, marks }) => ({
    messages,
    ms: ofEach((name) => marks.map((of) => of[name])),
    ratio: ofEach((name) => {
      const base = name === "history" ? screenful : empty;
      return marks.map((of, round) => of[name] / (base?.marks[round]?.[name] ?? Number.NaN));
    }),
  }));
}

export function historyStartRows(starts: readonly HistoryStart[]): readonly Figure[] {
  return starts.flatMap(({ messages, ms, ratio }): readonly Figure[] => {
    const figure = (name: keyof Marks, against: string): string =>
      `${format(ms[name], "ms")}; ${format(ratio[name], `× ${against}`, 2)}`;
    const start = `start with ${messages} messages: navigation to`;
    if (messages === 0) {
      return [
        [`${start} the screen`, format(ms.screen, "ms")],
        [`${start} Online`, format(ms.online, "ms")],
      ];
    }
    return [
      [`${start} the screen with the list, aim ≤ 1.3 ×`, figure("screen", "empty")],
      [`${start} the history on screen, aim ≤ 1.3 ×`, figure("history", `${CONVERSATIONS * SCREENFUL} messages`)],
      [`${start} Online, aim ≤ 1.3 ×`, figure("online", "empty")],
    ];
  });
}

async function filled(world: World, messages: number): Promise<Store> {
  const person = await world.person(`Keeper of ${messages}`, { scripts: [noteMarks] });
  await person.openAndStart();
  const { page } = person;
  if (messages > 0) {
    await fillStore(page, { conversations: CONVERSATIONS, messagesEach: messages / CONVERSATIONS });
    await page.reload();
    await page.getByRole("link", { name: new RegExp(`^Contact ${CONVERSATIONS}\\b`) }).click();
    await page.getByRole("log", { name: "Messages" }).getByRole("article").last().waitFor();
  }
  return { messages, person, url: page.url(), marks: [] };
}

/** Nothing but this page runs while it starts. */
async function start({ messages, person: { page }, url }: Store): Promise<Marks> {
  await page.goto(url);
  const marks = await readMarks(page, messages === 0 ? ["screen", "online"] : ["screen", "history", "online"]);
  await page.goto("about:blank");
  await page.waitForTimeout(OFFLINE_PAUSE_MS);
  return marks;
}

function ofEach(samples: (name: keyof Marks) => readonly number[]): Readonly<Record<keyof Marks, Summary>> {
  return {
    screen: summarise(samples("screen")),
    history: summarise(samples("history")),
    online: summarise(samples("online")),
  };
}
