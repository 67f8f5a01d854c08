/**
 * `npm run bench -- others`, run only when it is named: how soon somebody who opens the page again has the first message and a backlog, with Kith,
 * peerjs and trystero, one after the other in each round. The writer's page is open all the time; the reader's browser starts anew. With Kith the
 * messages are stored, opened and on the screen; with the others they are in memory, sent again on each connection.
 */
import { errors } from "@playwright/test";
import type { Person } from "../support/person.ts";
import type { World } from "../support/world.ts";
import { lastOnScreen, watchTasksAndLink, writerAndReader, writeWhileAway } from "./backlog.ts";
import { startCoreServer } from "./core-server.ts";
import { OTHER_NAMES, type OtherName, type Others, startOthers } from "./others-servers.ts";
import { type Figure, format, summarise } from "./statistics.ts";

const TIMEOUT_MS = 30_000;

interface OthersOptions {
  /** By size of the backlog. */
  readonly roundsBySize: readonly (readonly [messages: number, rounds: number])[];
}

type Name = "kith" | OtherName;

export interface OthersResult {
  readonly messages: number;
  /** Until the last message, from the navigation, in the order of the rounds. */
  readonly samplesMs: Readonly<Record<Name, number[]>>;
  /** Of Kith: from the navigation until the screen said how the writer is reached. */
  readonly linkMs: readonly number[];
}

/** Writes so many messages while the reader is away, brings the reader back, and answers when the last had arrived. */
type Round = (messages: number) => Promise<number>;

export async function measureOthers(world: World, { roundsBySize }: OthersOptions): Promise<readonly OthersResult[]> {
  const others = await startOthers();
  world.atEnd(() => others.close());
  const server = await startCoreServer(world.relay.address);
  world.atEnd(() => server.close());
  const linkMs: number[] = [];
  const rounds: [Name, Round][] = [["kith", await kithRound(world, server.url, linkMs)]];
  for (const name of OTHER_NAMES) rounds.push([name, await otherRound(world, others, name)]);
  // The first return of each compiles its script.
  for (const [, round] of rounds) await round(1);
  linkMs.splice(0);
  const results: OthersResult[] = [];
  for (const [messages, count] of roundsBySize) {
    const samplesMs: OthersResult["samplesMs"] = { kith: [], peerjs: [], trystero: [] };
    for (let index = 0; index < count; index += 1) {
      // Nobody is always the first.
      for (const turn of rounds.keys()) {
        const [name, round] = rounds[(turn + index) % rounds.length] ?? [];
        if (name !== undefined && round !== undefined) samplesMs[name].push(await round(messages));
      }
    }
    results.push({ messages, samplesMs, linkMs: linkMs.splice(0) });
  }
  return results;
}

export function othersRows(results: readonly OthersResult[]): readonly Figure[] {
  return results.flatMap(({ messages, samplesMs, linkMs }) => {
    const { kith, peerjs, trystero } = samplesMs;
    const ratios = kith.map((own, round) => own / Math.min(peerjs[round] ?? Infinity, trystero[round] ?? Infinity));
    const what = messages === 1 ? "first message" : `backlog of ${messages}`;
    return [
      ...Object.entries(samplesMs).map(([name, samples]): Figure => [
        `${what}, from navigation: ${name}`,
        arrivals(samples),
      ]),
      [`${what}: Kith ÷ the faster of the two in each round`, format(summarise(ratios), "×", 2)],
      [`${what}: until the first link of Kith`, format(summarise(linkMs), "ms", 0)],
    ];
  });
}

function arrivals(samples: readonly number[]): string {
  const arrived = samples.filter(Number.isFinite);
  const lost = samples.length - arrived.length;
  return `${format(summarise(arrived), "ms", 0)}${lost === 0 ? "" : `; ${lost} of ${samples.length} not in 30 s`}`;
}

async function kithRound(world: World, writerUrl: string, linkMs: number[]): Promise<Round> {
  const { writer, reader } = await writerAndReader(world, writerUrl, world.app.url, [watchTasksAndLink]);
  let written = 0;
  return async (messages) => {
    await writeWhileAway(writer.page, reader, written, messages);
    written += messages;
    await reader.returnToBrowser();
    const arrivedMs = await lastOnScreen(reader.page, written - 1);
    linkMs.push((await reader.page.evaluate(() => window.kithLinkMs)) ?? arrivedMs);
    return arrivedMs;
  };
}

async function otherRound(world: World, others: Others, name: OtherName): Promise<Round> {
  const writer = await world.person(`Writer with ${name}`);
  await writer.open(others.url(name, "writer"));
  await writer.page.waitForFunction(() => window.isReady === true, undefined, { timeout: TIMEOUT_MS });
  const reader = await world.person(`Reader with ${name}`);
  await reader.open(others.url(name, "reader"));
  let written = 0;
  return async (messages) => {
    await reader.closeBrowser();
    await writer.page.evaluate(
      (kept) => {
        window.kept = kept;
      },
      [written, messages] as const,
    );
    written += messages;
    await reader.returnToBrowser();
    return arrivalMs(reader, written - 1);
  };
}

/** Infinite when it did not come in 30 s. */
async function arrivalMs({ page }: Person, last: number): Promise<number> {
  try {
    const arrived = await page.waitForFunction((number) => window.arrivedMs?.[number], last, { timeout: TIMEOUT_MS });
    return (await arrived.jsonValue()) ?? Infinity;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return Infinity;
    throw error;
  }
}
