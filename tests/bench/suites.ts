/** What the cryptography costs: the same build with the real suite and with the model of it, by turns, in the same run. */
import type { Person } from "../support/person.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { World } from "../support/world.ts";
import { measureBacklogs } from "./backlog.ts";
import { sendToDeliveredMs } from "./delivery.ts";
import { type Figure, format, median, summarise, type Summary } from "./statistics.ts";
import { pluginsFor, type SuiteName, SUITES, serveWith } from "./suite-builds.ts";

const WARM_UP_ROUNDS = 2;
const MESSAGES_A_ROUND = 10;

export interface SuitesOptions {
  readonly rounds: number;
  readonly backlog: number;
  /** Backlogs with either suite. */
  readonly backlogs: number;
}

export interface SuitesResult {
  /** Send to Delivered, of every message. */
  readonly deliveredMs: Readonly<Record<SuiteName, Summary>>;
  /** Of each round: the median with the real suite ÷ that with the model. */
  readonly deliveredRatio: Summary;
  readonly backlog: number;
  /** From the link to the last message on the screen. */
  readonly backlogMs: Readonly<Record<SuiteName, Summary>>;
  /** Of each real backlog to the model's beside it. */
  readonly backlogRatio: Summary;
}

type Samples = Readonly<Record<SuiteName, number[]>>;

export async function measureSuites({ rounds, backlog, backlogs }: SuitesOptions): Promise<SuitesResult> {
  const folder = await temporaryFolder();
  try {
    const delivered = await measureDeliveries(folder.path, rounds);
    const backlogMs: Samples = { real: [], model: [] };
    for (let turn = 0; turn < backlogs; turn += 1) {
      for (const suite of inTurn(turn)) backlogMs[suite].push(await backlogMsWith(suite, folder.path, backlog));
    }
    return {
      deliveredMs: { real: summarise(delivered.all.real), model: summarise(delivered.all.model) },
      deliveredRatio: summarise(ratios(delivered.medians)),
      backlog,
      backlogMs: { real: summarise(backlogMs.real), model: summarise(backlogMs.model) },
      backlogRatio: summarise(ratios(backlogMs)),
    };
  } finally {
    await folder.remove();
  }
}

export function suitesRows(result: SuitesResult): readonly Figure[] {
  const { deliveredMs, deliveredRatio, backlog, backlogMs, backlogRatio } = result;
  return [
    [`send to Delivered, real suite, ${deliveredMs.real.count} messages`, format(deliveredMs.real, "ms")],
    [`send to Delivered, model suite, ${deliveredMs.model.count} messages`, format(deliveredMs.model, "ms")],
    ["send to Delivered, real ÷ model, aim ≤ 1.5", format(deliveredRatio, "×", 2)],
    [`backlog of ${backlog}, link up to the last on screen, real suite`, format(backlogMs.real, "ms", 0)],
    [`backlog of ${backlog}, link up to the last on screen, model suite`, format(backlogMs.model, "ms", 0)],
    [`backlog of ${backlog}, real ÷ model, aim ≤ 1.5`, format(backlogRatio, "×", 2)],
  ];
}

/** Who goes first changes each time, so that neither suite always finds the machine as the other left it. */
function inTurn(turn: number): readonly SuiteName[] {
  return turn % 2 === 0 ? SUITES : SUITES.toReversed();
}

function ratios({ real, model }: Samples): readonly number[] {
  return real.map((ms, index) => ms / (model[index] ?? Number.NaN));
}

/** Two pairs, one with each suite, who write by turns. */
async function measureDeliveries(
  folder: string,
  rounds: number,
): Promise<{ readonly all: Samples; readonly medians: Samples }> {
  const all: Samples = { real: [], model: [] };
  const medians: Samples = { real: [], model: [] };
  const world = await World.create([]);
  try {
    const pages = { real: await writerWith("real", folder, world), model: await writerWith("model", folder, world) };
    for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
      for (const suite of inTurn(round)) {
        const samples: number[] = [];
        for (let index = 0; index < MESSAGES_A_ROUND; index += 1) {
          samples.push(await sendToDeliveredMs(pages[suite].page, `bench ${round}/${index} ${"x".repeat(180)}`));
        }
        if (round < WARM_UP_ROUNDS) continue;
        all[suite].push(...samples);
        medians[suite].push(median(samples));
      }
    }
    return { all, medians };
  } finally {
    await world.dispose();
  }
}

/** Somebody in a conversation with somebody who is connected directly. */
async function writerWith(suite: SuiteName, folder: string, world: World): Promise<Person> {
  const served = await serveWith(suite, folder, [world.relay.address]);
  world.atEnd(() => served.dispose());
  const [writer, reader] = await Promise.all(
    ["Alice", "Bob"].map((name) => world.person(name, { appUrl: served.url })),
  );
  if (writer === undefined || reader === undefined) throw new Error("nobody is here");
  await writer.openAndStart();
  await reader.startByInvite(await writer.createInvite(), writer);
  await writer.enterConversation(reader);
  await writer.connection.filter({ hasText: "Direct" }).waitFor({ timeout: 20_000 });
  return writer;
}

async function backlogMsWith(suite: SuiteName, folder: string, size: number): Promise<number> {
  const world = await World.create([]);
  try {
    const served = await serveWith(suite, folder, [world.relay.address]);
    world.atEnd(() => served.dispose());
    const [result] = await measureBacklogs(world, [size], { appUrl: served.url, plugins: pluginsFor(suite) });
    return (result?.onScreenMs ?? Number.NaN) - (result?.linkMs ?? Number.NaN);
  } finally {
    await world.dispose();
  }
}
