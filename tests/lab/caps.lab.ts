/**
 * What helping costs a line, by the counters of its interface: two people who have no other way left write 20 MB to each other through a
 * third, who gave 5 MB for the day. Then how fast what waits goes through it. Takes five minutes, so only with KITH_LONG=1.
 */
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "@playwright/test";
import { ensureBuilt } from "../../scripts/build-app.ts";
import { Lab } from "./lab.ts";
import type { Resident } from "./resident.ts";
import { reasonAgainstLab } from "./tools.ts";

test.describe.configure({ mode: "serial" });

const MB = 1_000_000;
const LIMIT_MB = 5;
const PUSHED_BYTES = Number(process.env["KITH_PUSHED_MB"] ?? "20") * MB;
/** Just below the limit of a message. */
const TEXT_BYTES = 7_900;
/** Of the limit; more than that is a broken promise. */
const TOLERANCE = 1.01;
/** What a page moves for itself, with two people at whose door it knocks. */
const OWN_BYTES = 120_000;
const SETUP_LIMIT_MS = 120_000;
const PATH_LIMIT_MS = 60_000;
const PUSH_LIMIT_MS = 200_000;
const ARRIVAL_LIMIT_MS = 120_000;
const QUIET_MS = 15_000;
/** Of one direction of one circuit, in plus out: `CIRCUIT_BYTES_PER_SECOND`. */
const PACE_MB_PER_SECOND = 1;
/** Before it the first windows fill, and after it the last messages go. */
const PACED_FROM_MB = 3;
const PACED_TO_MB = 18;
const PACED_PUSH_MB = 10;
const COUNTED_EVERY_MS = 250;

let lab: Lab;
let alice: Resident;
let bob: Resident;
let carol: Resident;
const cleanups: (() => unknown)[] = [];

test.beforeAll(async () => {
  test.setTimeout(SETUP_LIMIT_MS);
  const reason = await reasonAgainstLab();
  test.skip(reason !== undefined, reason);
  test.skip(process.env["KITH_LONG"] !== "1", "the long form only: KITH_LONG=1");
  await ensureBuilt();
  lab = await Lab.open();
  cleanups.push(() => lab.close());
  [alice, bob, carol] = await Promise.all([
    lab.resident("Alice", await lab.site("cone")),
    lab.resident("Bob", await lab.site("cone")),
    lab.resident("Carol", await lab.site("open")),
  ]);
  await carol.person.openAndStart();
  const link = await carol.person.createInvite({ uses: "10 times" });
  await alice.person.startByInvite(link, carol.person);
  await bob.person.startByInvite(await alice.person.createInvite(), alice.person);
  await carol.person.page.bringToFront();
  await bob.person.page.goto(link);
  await bob.person.page.reload();
  await bob.person.acceptInvite(link, carol.person);
  for (const { person } of [alice, bob]) {
    await person.enterConversation(carol.person);
    await expect(person.connection).toHaveText("Direct", { timeout: PATH_LIMIT_MS });
  }
  await alice.person.enterConversation(bob.person);
  await bob.person.enterConversation(alice.person);
  await expect(bob.person.connection).toHaveText("Direct", { timeout: PATH_LIMIT_MS });
  await chooseFor(carol, "Carry for", "Nobody");
});

test.afterAll(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

test("a limit of 5 MB a day is what the line of the helper carries, whatever is pushed", async () => {
  test.setTimeout(PUSH_LIMIT_MS + PATH_LIMIT_MS);
  await limit(carol, LIMIT_MB);
  const before = await line(carol);
  await lab.relay.kill();
  await alice.site.cutFrom(bob.site);
  await bob.person.send("the line is cut");
  await expect(alice.person.message("the line is cut")).toBeVisible({ timeout: PATH_LIMIT_MS });
  await expect(bob.person.connection).toHaveText("Through Carol", { timeout: PATH_LIMIT_MS });

  await Promise.all([alice, bob].map((one) => push(one, PUSHED_BYTES / 2)));
  const moved = await whenQuiet(carol, before);
  const metered = await meter(carol);
  console.log(`the helper's line moved ${moved} bytes of a limit of ${LIMIT_MB} MB, metered as ${metered}`);
  expect(moved).toBeLessThanOrEqual(LIMIT_MB * MB * TOLERANCE);
  // What can be used of it is: less is left than the smallest circuit needs.
  expect(moved).toBeGreaterThan((LIMIT_MB * MB) / 2);
  expect(metered).toBeLessThanOrEqual(LIMIT_MB * MB);
});

test("the two are told, and go on by another way when there is one", async () => {
  test.setTimeout(ARRIVAL_LIMIT_MS + PATH_LIMIT_MS);
  await expect(bob.person.connection).not.toHaveText("Through Carol");
  await bob.person.send("how much arrived?");
  await bob.person.expectState("how much arrived?", "Waiting for Alice");
  const before = await line(carol);
  await lab.relay.start();
  // What one wrote and what the other wrote meanwhile stand in one order: each sees only when nothing waits any more that all has left.
  for (const { person } of [alice, bob]) {
    await expect(person.log.getByText(/^Waiting for/)).toHaveCount(0, { timeout: ARRIVAL_LIMIT_MS });
  }
  await bob.person.send("did all of it arrive?");
  await expect(alice.person.message("did all of it arrive?")).toBeVisible();
  const moved = (await line(carol)) - before;
  console.log(`the helper's line while the rest of ${PUSHED_BYTES / MB} MB went through the relay: ${moved} bytes`);
  expect(moved).toBeLessThan(PUSHED_BYTES / 20);
});

test("with Nobody chosen nothing is moved", async () => {
  test.setTimeout(PATH_LIMIT_MS * 3);
  await choose(carol, "Nobody");
  await limit(carol, 1_000);
  await lab.relay.kill();
  const before = await line(carol);
  for (let count = 0; count < 20; count += 1) await bob.person.send(`${count} nobody ${"x".repeat(TEXT_BYTES / 2)}`);
  await delay(QUIET_MS);
  expect((await line(carol)) - before).toBeLessThan(OWN_BYTES);
  await bob.person.expectState("19 nobody", "Waiting for Alice");
  // Neither heard from the other that Carol helps again.
  await choose(carol, "My contacts");
  await expect(alice.person.message("19 nobody")).toBeVisible({ timeout: PATH_LIMIT_MS });
  expect((await line(carol)) - before).toBeGreaterThan(20 * TEXT_BYTES);
});

test("honest ends go at the pace of the helper, within a tenth", async () => {
  test.setTimeout(PUSH_LIMIT_MS + ARRIVAL_LIMIT_MS);
  // Nobody types that fast: it waits, and leaves at once.
  await choose(carol, "Nobody");
  await push(bob, PACED_PUSH_MB * MB);
  const before = await line(carol);
  await choose(carol, "My contacts");
  const from = await whenMoved(carol, before + PACED_FROM_MB * MB);
  const to = await whenMoved(carol, before + PACED_TO_MB * MB);
  const perSecond = (to.bytes - from.bytes) / (to.atMs - from.atMs) / (MB / 1_000);
  console.log(`the helper's line moved ${perSecond.toFixed(3)} MB in a second`);
  expect(perSecond).toBeGreaterThan(PACE_MB_PER_SECOND * 0.9);
  expect(perSecond).toBeLessThan(PACE_MB_PER_SECOND * 1.1);
  await expect(bob.person.log.getByText(/^Waiting for/)).toHaveCount(0, { timeout: ARRIVAL_LIMIT_MS });
});

/** In plus out. */
async function line(resident: Resident): Promise<number> {
  const { received, sent } = await resident.counters();
  return received + sent;
}

/** The first reading that has come so far, and when it was taken. */
async function whenMoved(resident: Resident, least: number): Promise<{ bytes: number; atMs: number }> {
  const endsAtMs = performance.now() + PUSH_LIMIT_MS;
  for (;;) {
    const bytes = await line(resident);
    const atMs = performance.now();
    if (bytes >= least) return { bytes, atMs };
    if (atMs > endsAtMs) throw new Error(`the line stands at ${bytes} of ${least} bytes`);
    await delay(COUNTED_EVERY_MS);
  }
}

/** Once it moves hardly anything any more: what it came to. */
async function whenQuiet(resident: Resident, before: number): Promise<number> {
  for (let last = await line(resident); ;) {
    await delay(QUIET_MS);
    const now = await line(resident);
    if (now - last < OWN_BYTES) return now - before;
    last = now;
  }
}

/** Types one message after the other, inside the page: there are more than a thousand. */
async function push({ name, person }: Resident, bytes: number): Promise<void> {
  await person.composer.evaluate(
    async (composer, { name, count, textBytes }) => {
      if (!(composer instanceof HTMLTextAreaElement)) throw new Error("there is no composer");
      for (let number = 0; number < count; number += 1) {
        // Nothing makes it shorter.
        const random = crypto.getRandomValues(new Uint8Array(textBytes / 2));
        const hex = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
        composer.value = `${name} ${number} ${hex}`.slice(0, textBytes);
        composer.dispatchEvent(new Event("input", { bubbles: true }));
        composer.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
        while (composer.value !== "") await new Promise((resolve) => setTimeout(resolve, 1));
      }
    },
    { name, count: Math.ceil(bytes / TEXT_BYTES), textBytes: TEXT_BYTES },
  );
}

async function inSettings(resident: Resident, act: () => Promise<void>): Promise<void> {
  const { page } = resident.person;
  await page.getByRole("button", { name: "Settings" }).click();
  await act();
  await page.keyboard.press("Escape");
}

async function choose(resident: Resident, option: string): Promise<void> {
  await chooseFor(resident, "Relay for", option);
}

async function chooseFor(resident: Resident, name: string, option: string): Promise<void> {
  const group = resident.person.page.getByRole("radiogroup", { name });
  await inSettings(resident, () => group.getByRole("radio", { name: option }).check());
}

async function limit(resident: Resident, megabytes: number): Promise<void> {
  const field = resident.person.page.getByRole("spinbutton", { name: "Daily limit (MB)" });
  await inSettings(resident, async () => {
    await field.fill(String(megabytes));
    await field.press("Tab");
  });
}

async function meter(resident: Resident): Promise<number> {
  let value = 0;
  const shown = resident.person.page.getByRole("meter", { name: "Relayed today" });
  await inSettings(resident, async () => {
    value = await shown.evaluate((element) => (element instanceof HTMLMeterElement ? element.value : 0));
  });
  return value;
}
