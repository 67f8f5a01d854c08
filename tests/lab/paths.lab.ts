/**
 * The lab in a minute: two people whose networks change under them, and a third whose computer sleeps meanwhile. Nobody clicks anything
 * but to write. `npm run lab` tries every pair of networks; with KITH_LONG=1 the computer sleeps for ten minutes instead of one.
 */
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { ensureBuilt } from "../../scripts/build-app.ts";
import { Lab } from "./lab.ts";
import { provePath, proveUntil, type Rung } from "./path-proof.ts";
import type { Resident } from "./resident.ts";
import { reasonAgainstLab } from "./tools.ts";

test.describe.configure({ mode: "serial" });

/** For a lost path to be noticed and another to be found. */
const PATH_LIMIT_MS = 45_000;
const SLEEP_MS = process.env["KITH_LONG"] === "1" ? 600_000 : 60_000;
const SETUP_LIMIT_MS = 120_000;
const WAKE_LIMIT_MS = 60_000;

let lab: Lab;
let alice: Resident;
let bob: Resident;
let carol: Resident;
let carolFellAsleepAt = 0;
const cleanups: (() => unknown)[] = [];

test.beforeAll(async () => {
  test.setTimeout(SETUP_LIMIT_MS);
  const reason = await reasonAgainstLab();
  test.skip(reason !== undefined, reason);
  await ensureBuilt();
  lab = await Lab.open();
  cleanups.push(() => lab.close());
  [alice, bob, carol] = await Promise.all([
    lab.resident("Alice", await lab.site("cone")),
    lab.resident("Bob", await lab.site("cone")),
    lab.resident("Carol", await lab.site("cone")),
  ]);
  await alice.person.openAndStart();
  const link = await alice.person.createInvite({ uses: "10 times" });
  await carol.person.startByInvite(link, alice.person);
  await expect(alice.person.conversationLink(carol.person)).toBeVisible();
  carol.person.pauseBrowser();
  cleanups.push(() => carol.person.resumeBrowser());
  carolFellAsleepAt = performance.now();
  await bob.person.startByInvite(link, alice.person);
  await alice.person.enterConversation(bob.person);
});

test.afterAll(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

test("two people behind routers that keep the port talk directly", async () => {
  expect(await rung("direct")).toEqual({ kind: "direct", candidates: expect.stringMatching(/^(srflx|prflx)–/) });
});

test("one who is carried to another network, with another address, is found there and direct again", async () => {
  await bob.moveTo(await lab.site("cone"));
  expect(await rung("direct")).toMatchObject({ kind: "direct" });
});

test("behind symmetric routers they go on through the relay", async () => {
  await Promise.all([alice.site.become("symmetric"), bob.site.become("symmetric")]);
  expect(await rung("relay")).toEqual({ kind: "relay" });
});

test("with UDP blocked at one end they go on through the relay", async () => {
  await Promise.all([alice.site.become("no-udp"), bob.site.become("open")]);
  expect(await rung("relay")).toEqual({ kind: "relay" });
});

test("with only TCP 80 and 443 left at both ends they go on through the relay", async () => {
  await Promise.all([alice.site.become("web-only"), bob.site.become("web-only")]);
  expect(await rung("relay")).toEqual({ kind: "relay" });
});

test("in better networks they are direct again", async () => {
  await alice.site.become("cone");
  await bob.moveTo(await lab.site("cone"));
  expect(await rung("direct")).toMatchObject({ kind: "direct" });
});

test("a computer that slept for a minute is back by itself", async () => {
  test.setTimeout(SLEEP_MS + WAKE_LIMIT_MS);
  await alice.person.enterConversation(carol.person);
  await alice.person.send("are you awake?");
  await delay(Math.max(0, carolFellAsleepAt + SLEEP_MS - performance.now()));
  carol.person.resumeBrowser();
  await expect(carol.person.message("are you awake?")).toBeVisible();
  await carol.person.send("now I am");
  await expect(alice.person.message("now I am")).toBeVisible();
});

/** The way of a large message from Bob to Alice, once it is the wanted one. */
async function rung(wanted: Rung["kind"]): Promise<Rung> {
  return proveUntil(wanted, PATH_LIMIT_MS, () => provePath(lab, bob, alice));
}
