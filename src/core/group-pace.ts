/**
 * What is told of a large group: its row and receipts name every member and are made anew for each change, while the clocks of all members
 * come within seconds. So they are made at once for the first change, and for those that follow together.
 */
import type { ThreadId } from "./codec/ids.ts";
import type { Clock } from "./clock.ts";
import { SMALL_GROUP } from "./conversations/co-members.ts";
import type { Directory } from "./conversations/directory.ts";

const PACE_MS = 200;

export type GroupPart = "row" | "receipts";

export class GroupPace {
  readonly #clock: Clock;
  readonly #directory: Pick<Directory, "conversationsOf">;
  readonly #tell: (thread: ThreadId, part: GroupPart) => void;
  /** What has changed since it was told last; there while the pace lasts. */
  readonly #changed = new Map<ThreadId, Set<GroupPart>>();

  constructor(
    clock: Clock,
    directory: Pick<Directory, "conversationsOf">,
    tell: (thread: ThreadId, part: GroupPart) => void,
  ) {
    this.#clock = clock;
    this.#directory = directory;
    this.#tell = tell;
  }

  changed(thread: ThreadId, part: GroupPart): void {
    const held = this.#changed.get(thread);
    if (held !== undefined) {
      held.add(part);
      return;
    }
    if (this.#isLarge(thread)) void this.#pace(thread);
    this.#tell(thread, part);
  }

  async #pace(thread: ThreadId): Promise<void> {
    const changed = new Set<GroupPart>();
    this.#changed.set(thread, changed);
    await this.#clock.delay(PACE_MS);
    this.#changed.delete(thread);
    // It may have been deleted meanwhile.
    if (changed.size === 0 || !this.#isLarge(thread)) return;
    void this.#pace(thread);
    for (const part of changed) this.#tell(thread, part);
  }

  #isLarge(thread: ThreadId): boolean {
    return this.#directory.conversationsOf(thread).some(({ members }) => members.length > SMALL_GROUP);
  }
}
