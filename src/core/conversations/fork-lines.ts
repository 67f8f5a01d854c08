/** People are told once of a device that has signed two histories: a line where it was found out, on this device alone. */
import { CONTROL_CHANNEL } from "../codec/entry.ts";
import type { ConversationId, DeviceId, ThreadId } from "../codec/ids.ts";
import { nextClock } from "../log/hybrid-clock.ts";
import type { LogState } from "../log/log-state.ts";
import type { WriteTransaction } from "../store/store.ts";
import type { TimelineRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import type { Shown } from "./reader.ts";
import { orderOf, timelineRow } from "./timeline.ts";

/** Needs the table `timeline`. `forked`: names of logs of which a second history has just come. */
export function putForkLines(
  core: CoreContext,
  tx: WriteTransaction,
  { conversation, thread }: { readonly conversation: ConversationId; readonly thread: ThreadId },
  logs: ReadonlyMap<string, LogState>,
  forked: ReadonlySet<string>,
): readonly Shown[] {
  const { clock, directory } = core;
  const known = new Set<DeviceId>();
  const fresh = new Set<DeviceId>();
  for (const [name, { device, row }] of logs) {
    if (row.forkedAt !== undefined) (forked.has(name) ? fresh : known).add(device);
  }
  return [...fresh].flatMap((device): Shown[] => {
    const author = directory.accountOfDevice(device);
    // This profile is an old copy, and goes on as a new device.
    if (known.has(device) || author === undefined || directory.isOwnDevice(device)) return [];
    const now = clock.now();
    const place = { device, seq: 0, channel: CONTROL_CHANNEL, conversation };
    const present = nextClock(now, []);
    const line: TimelineRow = {
      ...timelineRow({
        id: `fork/${conversation}/${device}`,
        conversation,
        author,
        device,
        seq: 0,
        kind: "change",
        text: "",
        writtenAt: now,
        clock: present,
        now,
        isLate: false,
      }),
      change: { kind: "disputed" },
    };
    const order = orderOf(present, place);
    tx.put("timeline", [thread, order], line);
    return [{ order, row: line }];
  });
}
