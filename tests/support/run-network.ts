/**
 * The network of a whole test run: every Chromium that the end-to-end tests start writes a log into one folder, every server they start
 * is noted there, and tests/e2e/the-end judges it all.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { judgeContacts, type Allowed, type Judgement } from "./contacts.ts";
import { networkLogFlags, readNetworkLog } from "./network-log.ts";

/** Names the folder. Set by playwright.config; other users of a browser keep no log. */
export const RUN_NETWORK_VARIABLE = "KITH_RUN_NETWORK";
const HOSTS_FILE = "hosts.txt";

let logs = 0;

/** Flags for the next browser, with a log of its own. */
export function runLogFlags(): readonly string[] {
  const folder = runFolder();
  if (folder === undefined) return [];
  logs += 1;
  return networkLogFlags(join(folder, `${process.pid}-${logs}.json`));
}

/** A page may contact this server of a test: a URL, or the address of a relay. */
export function allowContact(address: string): void {
  const folder = runFolder();
  if (folder !== undefined) appendFileSync(join(folder, HOSTS_FILE), `${hostOf(address)}\n`);
}

function runFolder(): string | undefined {
  const folder = process.env[RUN_NETWORK_VARIABLE];
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  return folder;
}

/** One judgement per browser. */
export async function judgeRun(folder: string): Promise<readonly Judgement[]> {
  const names = readdirSync(folder);
  const listed = names.includes(HOSTS_FILE) ? readFileSync(join(folder, HOSTS_FILE), "utf8") : "";
  const allowed: Allowed = { hosts: new Set(listed.split("\n").filter(Boolean)), ownAddresses: ownAddresses() };
  const judgements: Judgement[] = [];
  for (const name of names.filter((each) => each.endsWith(".json"))) {
    judgements.push(judgeContacts(await readNetworkLog(join(folder, name)), allowed));
  }
  return judgements;
}

function ownAddresses(): ReadonlySet<string> {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return new Set(["127.0.0.1", "::1", ...addresses.map(({ address }) => address)]);
}

/** "host:port" of a URL, or of a multiaddr of a relay. */
function hostOf(address: string): string {
  const parts = /^\/(?:ip4|ip6|dns4|dns6|dns)\/([^/]+)\/(?:tcp|udp)\/(\d+)\//.exec(`${address}/`);
  if (parts === null) return new URL(address).host;
  const [, name = "", port = ""] = parts;
  return new URL(`ws://${name.includes(":") ? `[${name}]` : name}:${port}`).host;
}
