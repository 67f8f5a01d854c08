/** Whom a browser contacted, held against whom it may: the hosts of the pages and relays of a run, and peers on this machine. */
import type { LoggedNetwork } from "./network-log.ts";

export interface Allowed {
  /** "host:port" of everything that serves pages, is a relay, or was configured as an ICE server. */
  readonly hosts: ReadonlySet<string>;
  /** Addresses of this machine, without ports: the peers of a test run on it. */
  readonly ownAddresses: ReadonlySet<string>;
}

export interface Judgement {
  /** Contacts for the sake of a page that are allowed to none. One line each. */
  readonly foreign: readonly string[];
  /** Allowed hosts that were asked. */
  readonly known: readonly string[];
  /** Targets of WebRTC on this machine. */
  readonly peers: readonly string[];
  /** Hosts that the browser asked for itself, without any page: its updates, its clock, its accounts. */
  readonly ofBrowser: readonly string[];
}

/** The log says this where no page asked: a person typed the address, or the browser minds its own business, apart from all pages. */
const NO_ORIGIN = "not an origin";
const NO_SITE = "null";
/** Nothing leaves the browser for these. */
const LOCAL_SCHEMES: ReadonlySet<string> = new Set(["data:", "blob:", "about:", "chrome:", "devtools:"]);

export function judgeContacts(log: LoggedNetwork, allowed: Allowed): Judgement {
  const foreign = new Set<string>();
  const known = new Set<string>();
  const ofBrowser = new Set<string>();
  const peers = new Set<string>();
  const names = new Set([...allowed.hosts].map((host) => new URL(`http://${host}`).hostname));
  for (const { url, initiator, isolation, isNavigation } of log.requests) {
    const { protocol, host, hostname } = new URL(url);
    if (LOCAL_SCHEMES.has(protocol)) continue;
    if (allowed.hosts.has(host)) known.add(host);
    else if (initiator === NO_ORIGIN && !isNavigation && !names.has(siteName(isolation))) ofBrowser.add(hostname);
    else foreign.add(`request: ${url} for ${initiator}`);
  }
  for (const { name, site } of log.lookUps) {
    if (names.has(name)) continue;
    if (site === NO_SITE) ofBrowser.add(name);
    else if (names.has(siteName(site)) || !ofBrowser.has(name)) foreign.add(`look-up: ${name} for ${site}`);
  }
  for (const target of log.rtcTargets) {
    if (allowed.hosts.has(target) || allowed.ownAddresses.has(addressIn(target))) peers.add(target);
    else foreign.add(`WebRTC: ${target}`);
  }
  return { foreign: [...foreign], known: [...known], peers: [...peers], ofBrowser: [...ofBrowser] };
}

/** Name of the site at the beginning, "" where there is none. */
function siteName(isolation: string): string {
  const [site = ""] = isolation.split(" ");
  return URL.canParse(site) ? new URL(site).hostname : "";
}

/** "[address]:port" or "address:port". */
function addressIn(target: string): string {
  return target.slice(0, target.lastIndexOf(":")).replace(/^\[|\]$/g, "");
}
