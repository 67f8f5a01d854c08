/**
 * Takes the pages of a test apart into two halves as a broken cable between two sites would: no page reaches the other half's relay, and
 * the WebRTC connections that lead over are gone. Everybody goes on with those of the own half. `networkCut` must run in every page.
 */
import { expect, type Page } from "@playwright/test";

/** A page, and the port of the relay on its side. */
export interface Side {
  readonly pages: readonly Page[];
  readonly relayPort: string;
}

interface NetworkCut {
  /** Relays that are out of reach, by port. */
  closedTo: readonly string[];
  sockets: WebSocket[];
}

declare global {
  interface Window {
    kithCut?: NetworkCut;
  }
}

/** To run in every page before its own scripts. */
export function networkCut(): void {
  const cut: NetworkCut = { closedTo: [], sockets: [] };
  window.kithCut = cut;
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      if (cut.closedTo.includes(new URL(url).port)) throw new DOMException("There is no way there.", "NetworkError");
      super(url, protocols);
      cut.sockets = [...cut.sockets.filter((socket) => socket.readyState !== socket.CLOSED), this];
    }
  };
}

export async function takeApart(left: Side, right: Side): Promise<void> {
  await Promise.all([closeTo(left, right.relayPort), closeTo(right, left.relayPort)]);
  // One that was being made meanwhile is found at the second look.
  await expect.poll(() => cutBetween(left.pages, right.pages)).toBe(0);
}

export async function bringTogether(left: Side, right: Side): Promise<void> {
  await Promise.all(
    [...left.pages, ...right.pages].map((page) =>
      page.evaluate(() => {
        if (window.kithCut !== undefined) window.kithCut.closedTo = [];
      }),
    ),
  );
}

async function closeTo({ pages }: Side, port: string): Promise<void> {
  await Promise.all(
    pages.map((page) =>
      page.evaluate((closed) => {
        const cut = window.kithCut;
        if (cut === undefined) throw new Error("this page cannot be cut off");
        cut.closedTo = [closed];
        for (const socket of cut.sockets) if (new URL(socket.url).port === closed) socket.close();
      }, port),
    ),
  );
}

/** Closes the WebRTC connections between them. How many ends were closed here: of a connection whose one end is gone the other may go by itself. */
export async function cutBetween(left: readonly Page[], right: readonly Page[]): Promise<number> {
  const [ofLeft, ofRight] = await Promise.all([candidatesOf(left), candidatesOf(right)]);
  const closed = await Promise.all([
    ...left.map((page) => closeConnectionsTo(page, ofRight)),
    ...right.map((page) => closeConnectionsTo(page, ofLeft)),
  ]);
  return closed.reduce((sum, count) => sum + count, 0);
}

/** "address:port" of every open connection's own end. */
async function candidatesOf(pages: readonly Page[]): Promise<readonly string[]> {
  const found = await Promise.all(
    pages.map((page) =>
      page.evaluate(async () => {
        const own: string[] = [];
        for (const connection of window.kithProbe?.connections ?? []) {
          if (connection.connectionState === "closed") continue;
          for (const entry of (await connection.getStats()).values()) {
            if (entry.type === "local-candidate") own.push(`${entry.address}:${entry.port}`);
          }
        }
        return own;
      }),
    ),
  );
  return found.flat();
}

async function closeConnectionsTo(page: Page, others: readonly string[]): Promise<number> {
  return page.evaluate(async (theirs) => {
    let closed = 0;
    for (const connection of window.kithProbe?.connections ?? []) {
      if (connection.connectionState === "closed") continue;
      const stats = [...(await connection.getStats()).values()];
      const leadsOver = stats.some(
        (entry) => entry.type === "remote-candidate" && theirs.includes(`${entry.address}:${entry.port}`),
      );
      if (!leadsOver) continue;
      connection.close();
      closed += 1;
    }
    return closed;
  }, others);
}
