/** Every benchmark by its name. Each has a world of its own, so that one can be run without the others. */
import { World } from "../support/world.ts";
import { backlogRows, measureBacklogs } from "./backlog.ts";
import { backlogTaskRows, measureBacklogTasks } from "./backlog-tasks.ts";
import { channelRows, measureChannelBytes } from "./channel-bytes.ts";
import { cryptoRows, measureCrypto } from "./crypto.ts";
import { deliveryRows, measureDelivery } from "./delivery.ts";
import { equalHistoriesRows, measureEqualHistories } from "./equal-histories.ts";
import { groupTaskRows, measureGroupTasks } from "./group-tasks.ts";
import { handOverRows, measureHandOver } from "./hand-over.ts";
import { historyStartRows, measureHistoryStarts } from "./history-start.ts";
import { idleMemoryRows, measureIdleMemory } from "./idle-memory.ts";
import { measureRelayLoad, relayRows } from "./relay-load.ts";
import { measureSmoothness, smoothnessRows } from "./smoothness.ts";
import { measureMemberGrowth, memberGrowthRows } from "./member-growth.ts";
import { measureMessageGrowth, messageGrowthRows } from "./message-growth.ts";
import { measureOthers, othersRows } from "./others.ts";
import type { Figure } from "./statistics.ts";
import { firstMessageRows, measureFirstMessage, measureOnline, onlineRows } from "./start-up.ts";
import { measureSuites, suitesRows } from "./suites.ts";
import { measureWire, wireRows } from "./wire.ts";

export interface BenchmarkOptions {
  readonly rounds: number;
  /** Smaller sizes: a look while working, no figure for the documents. */
  readonly isQuick: boolean;
  /** An hour takes an hour. */
  readonly isRealTime: boolean;
}

export interface BenchmarkReport {
  readonly figures: readonly Figure[];
  /** For the JSON file. */
  readonly samples: unknown;
}

/** Of a group; where fewer are here than are members, the others were. */
const GROUP_SIZES = [
  { members: 10, here: 10 },
  { members: 100, here: 25 },
  { members: 100, here: 100 },
  { members: 500, here: 25, came: 49 },
];
const QUICK_GROUP_SIZES = [
  { members: 10, here: 10 },
  { members: 30, here: 10 },
];
/** Each of them is two backlogs. */
const MAX_HAND_OVERS = 3;

type Benchmark = (world: World, options: BenchmarkOptions) => Promise<BenchmarkReport>;

export const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  online: async (world, { rounds }) => {
    const [, bob] = await world.pair();
    const online = await measureOnline(bob, rounds);
    return { figures: onlineRows(online), samples: online };
  },
  "first-message": async (world, { rounds }) => {
    const firstMessage = await measureFirstMessage(world, rounds);
    return { figures: firstMessageRows(firstMessage), samples: firstMessage };
  },
  delivery: async (world, { rounds }) => {
    const [alice, bob] = await world.pair();
    await alice.connection.filter({ hasText: "Direct" }).waitFor({ timeout: 20_000 });
    const delivery = await measureDelivery(alice, bob, rounds);
    return { figures: deliveryRows(delivery), samples: delivery };
  },
  backlog: async (world, { isQuick }) => {
    const backlogs = await measureBacklogs(world, isQuick ? [1_000, 1_000] : [1_000, 10_000, 10_000]);
    return { figures: backlogRows(backlogs), samples: backlogs };
  },
  "backlog-tasks": async (world, { isQuick, rounds }) => {
    const size = isQuick ? 1_000 : 3_000;
    const tasks = await measureBacklogTasks(world, size, Math.min(rounds, 3));
    return { figures: backlogTaskRows(size, tasks), samples: tasks };
  },
  "hand-over": (world, options) => handOver(world, options, true),
  "hand-over-by-stranger": (world, options) => handOver(world, options, false),
  "equal-histories": async (_world, { isQuick }) => {
    const histories = await measureEqualHistories(100, isQuick ? 5_000 : 100_000);
    return { figures: equalHistoriesRows(histories), samples: histories };
  },
  "message-growth": async (_world, { isQuick }) => {
    const messages = await measureMessageGrowth(isQuick ? [1_000, 5_000] : [1_000, 10_000, 100_000]);
    return { figures: messageGrowthRows(messages), samples: messages };
  },
  "member-growth": async (_world, { isQuick }) => {
    const members = await measureMemberGrowth(isQuick ? QUICK_GROUP_SIZES : GROUP_SIZES);
    return { figures: memberGrowthRows(members), samples: members };
  },
  "whole-group": async (_world, { isQuick }) => {
    const members = await measureMemberGrowth([isQuick ? { members: 60, here: 10 } : { members: 500, here: 25 }]);
    return { figures: memberGrowthRows(members), samples: members };
  },
  "group-tasks": async (world, { isQuick }) => {
    const tasks = await measureGroupTasks(world, isQuick ? { members: 20, here: 10 } : { members: 100, here: 25 });
    return { figures: groupTaskRows(tasks), samples: tasks };
  },
  "largest-group-tasks": async (world, { isQuick }) => {
    const size = isQuick ? { members: 100, here: 10, came: 20 } : { members: 500, here: 25, came: 49 };
    const tasks = await measureGroupTasks(world, size);
    return { figures: groupTaskRows(tasks), samples: tasks };
  },
  history: async (world, { rounds, isQuick }) => {
    const starts = await measureHistoryStarts(world, rounds, isQuick ? [20_000] : [20_000, 100_000]);
    return { figures: historyStartRows(starts), samples: starts };
  },
  memory: async (world, { isQuick, isRealTime }) => {
    const memory = await measureIdleMemory(world, { looks: isQuick ? [60, 600] : [60, 600, 3_600], isRealTime });
    return { figures: idleMemoryRows(memory), samples: memory };
  },
  smoothness: async (world) => {
    const smoothness = await measureSmoothness(world);
    return { figures: smoothnessRows(smoothness), samples: smoothness };
  },
  relay: async (_world, { isQuick }) => {
    const load = await measureRelayLoad(isQuick ? 60 : 1_000);
    return { figures: relayRows(load), samples: load };
  },
  wire: async (world) => {
    const [frames, channel] = [await measureWire(), await measureChannelBytes(world)];
    return { figures: [...wireRows(frames), ...channelRows(channel)], samples: { frames, channel } };
  },
  suites: async (_world, { rounds, isQuick }) => {
    const suites = await measureSuites({ rounds, backlog: isQuick ? 1_000 : 10_000, backlogs: isQuick ? 1 : 2 });
    return { figures: suitesRows(suites), samples: suites };
  },
  crypto: async (_world, { isQuick }) => {
    const crypto = await measureCrypto(isQuick ? [10, 100] : [10, 100, 500]);
    return { figures: cryptoRows(crypto), samples: crypto };
  },
  others: async (world, { rounds, isQuick }) => {
    const few = Math.ceil(rounds / 3);
    const backlogs: readonly (readonly [number, number])[] = isQuick ? [] : [[10_000, few]];
    const others = await measureOthers(world, { roundsBySize: [[1, rounds], [1_000, few], ...backlogs] });
    return { figures: othersRows(others), samples: others };
  },
};

/** Those that are run only when they are named: they install what the project does not use, or take a quarter of an hour and 9 GB. */
export const ONLY_BY_NAME: ReadonlySet<string> = new Set(["others", "whole-group"]);

/** Two backlogs each round, by the author and by a third member who is, or is not, a contact of who returns. */
async function handOver(
  world: World,
  { rounds, isQuick }: BenchmarkOptions,
  isContact: boolean,
): Promise<BenchmarkReport> {
  const messages = isQuick ? 500 : 10_000;
  const result = await measureHandOver(world, { rounds: Math.min(rounds, MAX_HAND_OVERS), messages, isContact });
  return { figures: handOverRows(result), samples: result };
}

export async function runBenchmark(benchmark: Benchmark, options: BenchmarkOptions): Promise<BenchmarkReport> {
  const world = await World.create([]);
  try {
    return await benchmark(world, options);
  } finally {
    await world.dispose();
  }
}
