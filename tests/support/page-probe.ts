/** Looks under the page: which WebRTC connections it made and over which pair of addresses they run, and what it wrote to its database. */
import type { BrowserContext, Page } from "@playwright/test";

interface Probe {
  readonly connections: RTCPeerConnection[];
  candidates: number;
  writes: number;
}

declare global {
  interface Window {
    kithProbe?: Probe;
  }
}

export interface IcePair {
  /** "host", "srflx", "prflx" or "relay". */
  readonly local: string;
  readonly remote: string;
  readonly protocol: string;
}

/** Must come before the first page of the app. */
export async function installProbe(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const probe: Probe = { connections: [], candidates: 0, writes: 0 };
    window.kithProbe = probe;
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        probe.connections.push(this);
        this.addEventListener("icecandidate", (event) => {
          if (event.candidate !== null) probe.candidates += 1;
        });
      }
    };
    const { put, delete: remove } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...args) {
      probe.writes += 1;
      return put.apply(this, args);
    };
    IDBObjectStore.prototype.delete = function (...args) {
      probe.writes += 1;
      return remove.apply(this, args);
    };
  });
}

/** The pairs over which the connected WebRTC connections of the page send now. */
export async function selectedIcePairs(page: Page): Promise<readonly IcePair[]> {
  return await page.evaluate(async () => {
    const pairs: IcePair[] = [];
    for (const connection of window.kithProbe?.connections ?? []) {
      if (connection.connectionState !== "connected") continue;
      const stats = await connection.getStats();
      for (const entry of stats.values()) {
        if (entry.type !== "transport" || entry.selectedCandidatePairId === undefined) continue;
        const pair = stats.get(entry.selectedCandidatePairId);
        const local = stats.get(pair?.localCandidateId);
        const remote = stats.get(pair?.remoteCandidateId);
        pairs.push({
          local: String(local?.candidateType),
          remote: String(remote?.candidateType),
          protocol: String(local?.protocol),
        });
      }
    }
    return pairs;
  });
}

export async function rtcCounts(page: Page): Promise<{ readonly connections: number; readonly candidates: number }> {
  return await page.evaluate(() => ({
    connections: window.kithProbe?.connections.length ?? 0,
    candidates: window.kithProbe?.candidates ?? 0,
  }));
}

/** How often the page put or deleted a row since it was loaded. */
export async function writeCount(page: Page): Promise<number> {
  return await page.evaluate(() => window.kithProbe?.writes ?? 0);
}
