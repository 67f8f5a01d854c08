/**
 * Bytes of a direct link between two browsers for one delivered message, from the statistics of the browser: what went through the data
 * channels, and what the transport below sent and received with all of its own (SCTP, DTLS, STUN; without the 28 bytes of UDP and IP).
 */
import type { Page } from "@playwright/test";
import type { World } from "../support/world.ts";
import { startCoreServer } from "./core-server.ts";
import type { Figure } from "./statistics.ts";

const MESSAGE_BYTES = 200;
const ALONE = 30;
const BURST = 300;
const PAUSE_MS = 300;
const TIMEOUT_MS = 60_000;

export interface ChannelBytes {
  readonly alone: PerMessage;
  readonly burst: PerMessage;
}

export interface PerMessage {
  /** Both directions together, as all of these. */
  readonly channelBytes: number;
  readonly transportBytes: number;
  readonly packets: number;
}

export async function measureChannelBytes(world: World): Promise<ChannelBytes> {
  const server = await startCoreServer(world.relay.address);
  try {
    const writer = (await world.person("Writer", { scripts: [keepPeerConnections] })).page;
    await writer.goto(server.url);
    await writer.waitForFunction(() => window.kithCore !== undefined, undefined, { timeout: TIMEOUT_MS });
    await writer.evaluate(() => window.kithCore?.start("Writer"));
    const link = (await writer.evaluate(() => window.kithCore?.invite())) ?? "";
    const reader = await world.person("Reader");
    await reader.open(`${world.app.url}${link.slice(link.indexOf("#"))}`);
    await reader.start();
    await reader.send("I am here");
    await reader.expectState("I am here", /Delivered|Read/, TIMEOUT_MS);
    await reader.connection.filter({ hasText: "Direct" }).waitFor({ timeout: TIMEOUT_MS });

    const alone = await counted(writer, ALONE, async () => {
      for (let index = 0; index < ALONE; index += 1) await deliver(writer, index, 1);
    });
    const burst = await counted(writer, BURST, () => deliver(writer, ALONE, BURST));
    return { alone, burst };
  } finally {
    await server.close();
  }
}

export function channelRows({ alone, burst }: ChannelBytes): readonly Figure[] {
  return [
    ["the same over a direct link, alone: data channel; transport; packets", describe(alone)],
    ["the same in a burst", describe(burst)],
  ];
}

function describe({ channelBytes, transportBytes, packets }: PerMessage): string {
  return `${channelBytes.toFixed(0)} bytes; ${transportBytes.toFixed(0)} bytes; ${packets.toFixed(1)}`;
}

async function counted(page: Page, messages: number, work: () => Promise<void>): Promise<PerMessage> {
  const before = await statistics(page);
  await work();
  const after = await statistics(page);
  return {
    channelBytes: (after.channelBytes - before.channelBytes) / messages,
    transportBytes: (after.transportBytes - before.transportBytes) / messages,
    packets: (after.packets - before.packets) / messages,
  };
}

/** Resolves when all are delivered and what follows from it (read positions) has had its time. */
async function deliver(page: Page, from: number, count: number): Promise<void> {
  await page.evaluate(
    async ({ first, messages, bytes, pauseMs }) => {
      const core = window.kithCore;
      const thread = await core?.thread();
      if (core === undefined || thread === undefined) throw new Error("no conversation");
      await core.write(thread, first, messages, bytes);
      while ((await core.undelivered()) > 0) await new Promise((resolve) => setTimeout(resolve, 10));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    },
    { first: from, messages: count, bytes: MESSAGE_BYTES, pauseMs: PAUSE_MS },
  );
}

function statistics(page: Page): Promise<PerMessage> {
  return page.evaluate(async () => {
    const sum = { channelBytes: 0, transportBytes: 0, packets: 0 };
    for (const connection of window.kithConnections ?? []) {
      if (connection.connectionState !== "connected") continue;
      for (const entry of (await connection.getStats()).values()) {
        const bytes = Number(entry.bytesSent ?? 0) + Number(entry.bytesReceived ?? 0);
        if (entry.type === "data-channel") sum.channelBytes += bytes;
        if (entry.type !== "transport") continue;
        sum.transportBytes += bytes;
        sum.packets += Number(entry.packetsSent ?? 0) + Number(entry.packetsReceived ?? 0);
      }
    }
    return sum;
  });
}

function keepPeerConnections(): void {
  const connections: RTCPeerConnection[] = [];
  window.kithConnections = connections;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
}

declare global {
  interface Window {
    kithConnections?: RTCPeerConnection[];
  }
}
