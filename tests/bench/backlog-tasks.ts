/**
 * What a backlog costs the main threads of both sides: the longest task, and processor time for a message. A trace slows a page down, so times on the
 * clock are measured elsewhere.
 */
import { type BusyTask, traceTasks } from "../support/main-thread.ts";
import type { World } from "../support/world.ts";
import { lastOnScreen, writerAndReader, writeWhileAway } from "./backlog.ts";
import { startCoreServer } from "./core-server.ts";
import { type Figure, format, summarise } from "./statistics.ts";

const LONG_TASK_MS = 50;
const LONGEST_KEPT = 5;

interface SideTasks {
  readonly longest: readonly BusyTask[];
  readonly perMessageMs: number;
}

interface BacklogTasks {
  readonly recipient: SideTasks;
  readonly sender: SideTasks;
}

/** So many backlogs of this size, one after the other, in one conversation. */
export async function measureBacklogTasks(
  world: World,
  size: number,
  rounds: number,
): Promise<readonly BacklogTasks[]> {
  const server = await startCoreServer(world.relay.address);
  try {
    const { writer, reader } = await writerAndReader(world, server.url, world.app.url);
    const results: BacklogTasks[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await writeWhileAway(writer.page, reader, round * size, size);
      await reader.returnToBrowser();
      let recipient: readonly BusyTask[] = [];
      const sender = await traceTasks(writer.page, async () => {
        recipient = await traceTasks(reader.page, async () => {
          await lastOnScreen(reader.page, (round + 1) * size - 1);
        });
      });
      results.push({ recipient: sideOf(recipient, size), sender: sideOf(sender, size) });
    }
    return results;
  } finally {
    await server.close();
  }
}

export function backlogTaskRows(size: number, rounds: readonly BacklogTasks[]): readonly Figure[] {
  return (["recipient", "sender"] as const).flatMap((side): readonly Figure[] => {
    const sides = rounds.map((round) => round[side]);
    const longest = sides.flatMap((one) => one.longest).toSorted((a, b) => b.ms - a.ms)[0];
    const eachMs = format(summarise(sides.map((one) => one.longest[0]?.ms ?? 0)), "ms");
    return [
      [
        `backlog of ${size}: longest task of the ${side}, processor time, aim ≤ ${LONG_TASK_MS}`,
        `${eachMs}: ${longest?.parts ?? ""}`,
      ],
      [
        `backlog of ${size}: main thread of the ${side} for a message`,
        format(summarise(sides.map((one) => one.perMessageMs)), "ms", 2),
      ],
    ];
  });
}

function sideOf(tasks: readonly BusyTask[], messages: number): SideTasks {
  return {
    longest: tasks.slice(0, LONGEST_KEPT),
    perMessageMs: tasks.reduce((sum, { ms }) => sum + ms, 0) / messages,
  };
}
