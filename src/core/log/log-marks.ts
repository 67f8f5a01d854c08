/** What a clock says of one log. Its marks are sorted, and in a large group there are a thousand of them in each of hundreds of clocks. */
import type { DeviceId } from "../codec/ids.ts";
import type { LogMark } from "../store/tables.ts";

export function markOf(marks: readonly LogMark[], device: DeviceId, channel: number): LogMark | undefined {
  let [from, to] = [0, marks.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const mark = marks[middle];
    if (mark === undefined) return undefined;
    if (mark.device < device || (mark.device === device && mark.channel < channel)) from = middle + 1;
    else to = middle;
  }
  const found = marks[from];
  return found?.device === device && found.channel === channel ? found : undefined;
}
