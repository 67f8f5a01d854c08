/** Long work on the one thread there is, in slices, so that input and drawing never wait long for it. */
import type { Clock } from "../clock.ts";

/** Half a frame: what surrounds a slice takes time as well. */
const SLICE_MS = 8;

/** Does `work` for each item, in order, and lets others have the thread in between. The first that throws ends it. */
export async function inSlices<Item>(
  clock: Pick<Clock, "monotonic" | "pause">,
  items: Iterable<Item>,
  work: (item: Item) => void,
): Promise<void> {
  let startedMs = clock.monotonic();
  for (const item of items) {
    if (clock.monotonic() - startedMs >= SLICE_MS) {
      await clock.pause();
      startedMs = clock.monotonic();
    }
    work(item);
  }
}
