/**
 * The browser's own log of what it asked of the network: what no page can hide, its workers and sockets included. Read line by line,
 * one event each, because the log of a browser that was killed has no end.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

/** Flags that make a browser write the log. */
export function networkLogFlags(file: string): readonly string[] {
  return [`--log-net-log=${file}`];
}

export interface LoggedRequest {
  readonly url: string;
  /** The origin that asked; "not an origin" for what a person types and for the browser's own business. */
  readonly initiator: string;
  /** Begins with the site of the page in whose name it is kept apart; "null null" for none. */
  readonly isolation: string;
  /** What it fetches becomes the page. */
  readonly isNavigation: boolean;
}

export interface LoggedLookUp {
  /** Without scheme and port. */
  readonly name: string;
  /** Begins with the site for whose sake it was; "null" for none, "" where the log does not say, as with ICE servers. */
  readonly site: string;
}

export interface LoggedNetwork {
  readonly requests: readonly LoggedRequest[];
  readonly lookUps: readonly LoggedLookUp[];
  /** Where WebRTC sent packets or opened connections: "address:port", with brackets around IPv6. */
  readonly rtcTargets: readonly string[];
}

interface LogEvent {
  readonly type: number;
  readonly source: { readonly id: number; readonly type: number };
  readonly params?: {
    readonly url?: string;
    readonly initiator?: string;
    readonly network_isolation_key?: string;
    readonly request_type?: string;
    readonly network_anonymization_key?: string;
    readonly host?: string;
    readonly hostname?: string;
    readonly address?: string;
    readonly source_dependency?: { readonly id: number };
  };
}

const EVENTS = [
  "URL_REQUEST_START_JOB",
  "HOST_RESOLVER_MANAGER_REQUEST",
  "DNS_TRANSACTION",
  "UDP_BYTES_SENT",
  "TCP_CONNECT_ATTEMPT",
  "SOCKET_ALIVE",
  "SOCKET_POOL_CONNECT_JOB_CREATED",
] as const;
type EventName = (typeof EVENTS)[number];

/** @throws Error for a log of another form, which tells nothing. */
export async function readNetworkLog(file: string): Promise<LoggedNetwork> {
  const requests: LoggedRequest[] = [];
  const lookUps = new Map<string, LoggedLookUp>();
  const rtcTargets = new Set<string>();
  const jobOfSocket = new Map<number, number>();
  const jobsOfPools = new Set<number>();
  let names: ReadonlyMap<number, EventName> | undefined;
  const lookedUp = (name: string, site: string): void => {
    lookUps.set(`${name} ${site}`, { name: name.replace(/\.$/, ""), site });
  };
  for await (const line of createInterface({ input: createReadStream(file) })) {
    names ??= eventNames(line);
    const name = names.get(Number(/"type":(\d+)\},?$/.exec(line)?.[1]));
    if (name === undefined) continue;
    const { params = {}, source }: LogEvent = JSON.parse(line.replace(/,$/, ""));
    switch (name) {
      case "URL_REQUEST_START_JOB": {
        const { url, initiator = "", network_isolation_key: isolation = "" } = params;
        const isNavigation = params.request_type !== "other";
        if (url !== undefined) requests.push({ url, initiator, isolation, isNavigation });
        break;
      }
      case "HOST_RESOLVER_MANAGER_REQUEST":
        if (params.host !== undefined) lookedUp(nameIn(params.host), params.network_anonymization_key ?? "");
        break;
      case "DNS_TRANSACTION":
        if (params.hostname !== undefined) lookedUp(params.hostname, "");
        break;
      case "UDP_BYTES_SENT":
        // Only WebRTC's sockets are not tied to one address, and so name it with every packet.
        if (params.address !== undefined) rtcTargets.add(params.address);
        break;
      case "SOCKET_ALIVE":
        if (params.source_dependency !== undefined) jobOfSocket.set(source.id, params.source_dependency.id);
        break;
      case "SOCKET_POOL_CONNECT_JOB_CREATED":
        jobsOfPools.add(source.id);
        break;
      case "TCP_CONNECT_ATTEMPT": {
        // What serves a request is told by the request.
        const job = jobOfSocket.get(source.id);
        if (params.address !== undefined && (job === undefined || !jobsOfPools.has(job)))
          rtcTargets.add(params.address);
        break;
      }
    }
  }
  if (names === undefined) throw new Error(`${file} is no log of a browser`);
  return { requests, lookUps: [...lookUps.values()], rtcTargets: [...rtcTargets] };
}

/** What the numbers of events mean, which is in the first line. */
function eventNames(line: string): ReadonlyMap<number, EventName> {
  const types = /"logEventTypes":(\{[^}]*\})/.exec(line)?.[1];
  if (types === undefined) throw new Error("The browser's log does not name its events");
  const numbers: Readonly<Record<string, number>> = JSON.parse(types);
  return new Map(
    EVENTS.map((name) => {
      const number = numbers[name];
      if (number === undefined) throw new Error(`The browser's log knows no ${name}`);
      return [number, name];
    }),
  );
}

/** "scheme://name:port", or without the scheme. */
function nameIn(host: string): string {
  return new URL(/^\w+:\/\//.test(host) ? host : `http://${host}`).hostname;
}
