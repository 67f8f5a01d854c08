/** A conversation of messages so long that only the newest stand in the page, read upwards as a person would. */
import type { Person } from "./person.ts";
import { expect } from "./world.ts";

const WHEEL_PX = -3_000;
const MOST_TURNS = 400;

export interface ReadMessage {
  /** What of the pattern is in it. */
  readonly mark: string;
  /** All that is drawn of it, with the state of an own one. */
  readonly drawn: string;
}

/** Every message with this pattern from the one marked `first` on, from top to bottom. Each has a mark of its own. */
export async function readUpTo(person: Person, first: string, pattern: RegExp): Promise<readonly ReadMessage[]> {
  let read: readonly ReadMessage[] = [];
  await person.log.hover();
  for (let turn = 0; turn < MOST_TURNS && read[0]?.mark !== first; turn += 1) {
    const drawn = await person.log.getByRole("article").allInnerTexts();
    const marked = drawn.flatMap((text) => {
      const mark = pattern.exec(text)?.[0];
      return mark === undefined ? [] : [{ mark, drawn: text }];
    });
    const known = marked.findIndex(({ mark }) => mark === read[0]?.mark);
    read = [...(known === -1 ? marked : marked.slice(0, known)), ...read];
    await person.page.mouse.wheel(0, WHEEL_PX);
  }
  expect(read[0]?.mark, "the first message is reached by scrolling").toBe(first);
  return read;
}
