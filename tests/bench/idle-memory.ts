/**
 * What an untouched tab holds after an hour of one message a second, against its first minute and its tenth: with the conversation open, and
 * hidden with the list shown. The messages come faster than one a second unless the real hour is asked for: what a tab keeps of a message
 * does not depend on when it came, and what it keeps of time alone takes the hour.
 */
import { setTimeout } from "node:timers/promises";
import type { Page } from "@playwright/test";
import type { Person } from "../support/person.ts";
import type { World } from "../support/world.ts";
import { startCoreServer } from "./core-server.ts";
import { type HeapBytes, heapBytes } from "./heap-snapshot.ts";
import { privateBytes, rendererPids } from "./process-memory.ts";
import type { Figure } from "./statistics.ts";

const MESSAGE_BYTES = 200;
const FAST_PACE_MS = 50;
const REAL_PACE_MS = 1_000;
const DELIVERY_TIMEOUT_MS = 120_000;
const POLL_MS = 250;
/** For what follows a delivery: receipts, drawing, timers of a few seconds. */
const SETTLE_MS = 3_000;
const MB = 1024 * 1024;

export interface IdleMemoryOptions {
  /** Counts of messages after which to look; the first is the base. */
  readonly looks: readonly number[];
  readonly isRealTime: boolean;
}

interface Look {
  readonly messages: number;
  readonly heap: HeapBytes;
  readonly nodes: number;
  readonly listeners: number;
  /** Private memory of the tab's processes, where the system tells. */
  readonly processBytes: number | undefined;
}

export interface IdleMemory {
  readonly tab: string;
  readonly paceMs: number;
  readonly looks: readonly Look[];
}

interface Tab {
  readonly name: string;
  readonly page: Page;
  readonly pids: readonly number[];
  readonly looks: Look[];
}

export async function measureIdleMemory(
  world: World,
  { looks, isRealTime }: IdleMemoryOptions,
): Promise<readonly IdleMemory[]> {
  const paceMs = isRealTime ? REAL_PACE_MS : FAST_PACE_MS;
  const server = await startCoreServer(world.relay.address);
  try {
    const writer = (await world.person("Writer")).page;
    await writer.goto(server.url);
    await writer.waitForFunction(() => window.kithCore !== undefined, undefined, { timeout: DELIVERY_TIMEOUT_MS });
    await writer.evaluate(() => window.kithCore?.start("Writer"));
    const invite = (await writer.evaluate(() => window.kithCore?.invite())) ?? "";
    const link = `${world.app.url}${invite.slice(invite.indexOf("#"))}`;
    const open = await tabOf(world, "conversation open", link, async () => undefined);
    const hidden = await tabOf(world, "hidden, list shown", link, async (reader) => {
      await reader.leaveConversation();
      await hide(reader.page);
    });

    let written = 0;
    for (const count of looks) {
      await writer.evaluate(
        async ({ from, to, bytes, everyMs }) => window.kithCore?.writeSteadily(from, to, bytes, everyMs),
        { from: written, to: count, bytes: MESSAGE_BYTES, everyMs: paceMs },
      );
      written = count;
      await delivered(writer);
      await setTimeout(SETTLE_MS);
      for (const tab of [open, hidden]) tab.looks.push(await look(tab, count));
    }
    return [open, hidden].map((tab) => ({ tab: tab.name, paceMs, looks: tab.looks }));
  } finally {
    await server.close();
  }
}

export function idleMemoryRows(results: readonly IdleMemory[]): readonly Figure[] {
  return results.flatMap(({ tab, paceMs, looks }) => {
    const base = looks[0]?.heap;
    return looks.map(({ messages, heap: { data, code }, nodes, listeners, processBytes }): Figure => {
      const all = `${inMb(data + code)}, ${timesOf(data + code, base && base.data + base.code)}`;
      const heap = `${all}; without compiled code ${inMb(data)}, ${timesOf(data, base?.data)}`;
      const process = processBytes === undefined ? "unknown" : inMb(processBytes);
      return [
        `idle tab, ${tab}, after ${messages} messages (one every ${paceMs} ms): live heap`,
        `${heap}; ${nodes} nodes, ${listeners} listeners; private memory of the process ${process}`,
      ];
    });
  });
}

function inMb(bytes: number): string {
  return `${(bytes / MB).toFixed(2)} MB`;
}

function timesOf(bytes: number, base: number | undefined): string {
  return `${(bytes / (base ?? Number.NaN)).toFixed(2)} ×`;
}

async function tabOf(
  world: World,
  name: string,
  link: string,
  settle: (reader: Person) => Promise<void>,
): Promise<Tab> {
  const others = new Set(await rendererPids());
  const reader = await world.person(`Reader, ${name}`);
  await reader.open(link);
  await reader.start();
  await reader.send("I am here");
  await reader.expectState("I am here", /Delivered|Read/, 20_000);
  await settle(reader);
  const pids = (await rendererPids()).filter((pid) => !others.has(pid));
  return { name, page: reader.page, pids, looks: [] };
}

/** As another tab in front of it does: a browser without a screen hides nothing by itself. */
async function hide(page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
    Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

async function delivered(writer: Page): Promise<void> {
  const end = performance.now() + DELIVERY_TIMEOUT_MS;
  while ((await writer.evaluate(() => window.kithCore?.undelivered())) !== 0) {
    if (performance.now() > end) throw new Error("not everything was delivered");
    await setTimeout(POLL_MS);
  }
}

async function look({ page, pids }: Tab, messages: number): Promise<Look> {
  const session = await page.context().newCDPSession(page);
  try {
    // Before the snapshot, which takes memory itself; what an earlier one left behind is in it.
    const sizes = await Promise.all(pids.map(privateBytes));
    const heap = await heapBytes(session);
    const { nodes, jsEventListeners } = await session.send("Memory.getDOMCounters");
    const known = sizes.filter((size) => size !== undefined);
    return {
      messages,
      heap,
      nodes,
      listeners: jsEventListeners,
      processBytes: known.length === 0 ? undefined : known.reduce((sum, size) => sum + size, 0),
    };
  } finally {
    await session.detach();
  }
}
