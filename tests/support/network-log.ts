/** The browser's own log of what it asked of the network: what no page can hide, its workers and sockets included. */
import { readFile } from "node:fs/promises";

/** Flags that make a browser write the log. It is complete once the browser was closed as a person closes it. */
export function networkLogFlags(file: string): readonly string[] {
  return [`--log-net-log=${file}`, "--net-log-capture-mode=Everything"];
}

interface LogEvent {
  readonly type: number;
  readonly params?: {
    readonly url?: string;
    /** The origin that asked; something else for the browser's own business. */
    readonly initiator?: string;
    readonly host?: string;
    /** Begins with the site of the page for which a name was looked up. */
    readonly network_anonymization_key?: string;
  };
}

interface NetworkLog {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly LogEvent[];
}

export interface LoggedNetwork {
  /** Addresses that the pages and workers of the origin asked for. */
  readonly asked: readonly string[];
  /** Hosts whose names were looked up for its pages, and not for business of the browser's own. */
  readonly lookedUp: readonly string[];
}

export async function readNetworkLog(file: string, origin: string): Promise<LoggedNetwork> {
  const { constants, events }: NetworkLog = JSON.parse(await readFile(file, "utf8"));
  const of = (name: string): readonly Required<LogEvent>["params"][] => {
    const type = constants.logEventTypes[name];
    if (type === undefined) throw new Error(`The browser's log knows no ${name}`);
    return events.flatMap((event) => (event.type === type && event.params !== undefined ? [event.params] : []));
  };
  const requests = of("URL_REQUEST_START_JOB").flatMap(({ url, initiator }) =>
    url === undefined ? [] : [{ url, isOfOrigin: initiator === origin }],
  );
  const ownOfBrowser = new Set(requests.flatMap(({ url, isOfOrigin }) => (isOfOrigin ? [] : [new URL(url).host])));
  const { protocol, hostname, host: ownHost } = new URL(origin);
  const lookedUp = of("HOST_RESOLVER_MANAGER_REQUEST").flatMap(({ host, network_anonymization_key: site = "" }) =>
    host !== undefined && site.startsWith(`${protocol}//${hostname}`) ? [host.replace(/^\w+:\/\//, "")] : [],
  );
  return {
    asked: requests.flatMap(({ url, isOfOrigin }) => (isOfOrigin ? [url] : [])),
    lookedUp: [...new Set(lookedUp)].filter((host) => host === ownHost || !ownOfBrowser.has(host)),
  };
}
