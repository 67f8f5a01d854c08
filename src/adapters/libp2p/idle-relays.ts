/** Another peer's relay is of use only while circuits go through it. */
import type { Connection } from "@libp2p/interface";
import type { Clock } from "../../core/clock.ts";
import { waited } from "./background.ts";
import { closeConnection } from "./links.ts";

const IDLE_RELAY_MS = 60_000;

/** Resolves once the connection is closed. */
export async function leaveWhenIdle(connection: Connection, clock: Clock, signal: AbortSignal): Promise<void> {
  while (await waited(clock.delay(IDLE_RELAY_MS, signal))) {
    if (connection.status !== "open") return;
    if (connection.streams.length === 0) return closeConnection(connection);
  }
}
