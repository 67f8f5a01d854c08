/** The checker of a run's network, over a log cut from a real one: a page that did everything Kith never does, in a Chromium that was killed. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { judgeContacts } from "../../support/contacts.ts";
import { readNetworkLog } from "../../support/network-log.ts";

const LOG = join(import.meta.dirname, "foreign-contacts.netlog");
const PAGE = "localhost:41295";

function allowed(hosts: readonly string[], ownAddresses: readonly string[] = []) {
  return { hosts: new Set(hosts), ownAddresses: new Set(ownAddresses) };
}

test("everything that a page, a worker, a socket or WebRTC asked of foreign hosts is found", async () => {
  const { foreign } = judgeContacts(await readNetworkLog(LOG), allowed([PAGE]));
  expect(foreign.toSorted()).toEqual([
    "WebRTC: 127.0.0.1:3998",
    "WebRTC: 127.0.0.1:3999",
    "look-up: stun.example for ",
    "look-up: ~notfound for http://localhost same_site",
    `request: https://foreign.example/x for http://${PAGE}`,
    `request: https://worker.example/y for http://${PAGE}`,
    `request: ws://other.example:81/ for http://${PAGE}`,
  ]);
});

test("the page's own host, relays, configured ICE servers and peers on this machine are no foreign contacts", async () => {
  const hosts = [PAGE, "foreign.example", "worker.example", "other.example:81", "stun.example:3478", "~notfound"];
  const { foreign, known, peers } = judgeContacts(await readNetworkLog(LOG), allowed(hosts, ["127.0.0.1"]));
  expect(foreign).toEqual([]);
  expect(known.toSorted()).toEqual(["foreign.example", PAGE, "other.example:81", "worker.example"].toSorted());
  expect(peers.toSorted()).toEqual(["127.0.0.1:3998", "127.0.0.1:3999"]);
});

test("what the browser asked for itself is told apart, and told", async () => {
  const { ofBrowser } = judgeContacts(await readNetworkLog(LOG), allowed([PAGE]));
  expect(ofBrowser.toSorted()).toEqual(["accounts.google.com", "clients2.google.com", "update.googleapis.com"]);
});

test("a page that is led to a foreign host, and a page of one, are foreign, whoever led it", async () => {
  const { foreign } = judgeContacts(await readNetworkLog(LOG), allowed([]));
  expect(foreign).toContain(`request: http://${PAGE}/ for not an origin`);
  expect(foreign).toContain("look-up: localhost for http://localhost same_site");
});

test("a file that is no log, or knows none of the events, is refused", async () => {
  await expect(readNetworkLog(import.meta.filename)).rejects.toThrow("does not name its events");
});
