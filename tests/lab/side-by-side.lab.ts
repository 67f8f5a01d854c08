/**
 * Three people on one LAN that lost its line to the world, without a server of any kind: they installed Kith while there was one. Two pair
 * by codes, the third pairs with one of them and is introduced to the other. What of it the screen shows is an end-to-end test as well; this
 * one, with networks of their own, runs with KITH_LONG=1.
 */
import { expect, test } from "@playwright/test";
import { ensureBuilt } from "../../scripts/build-app.ts";
import { pair } from "../support/pairing-steps.ts";
import { workerReady } from "../support/worker-state.ts";
import { Lab } from "./lab.ts";
import { provePath, proveUntil } from "./path-proof.ts";
import type { Resident } from "./resident.ts";
import { reasonAgainstLab } from "./tools.ts";

const DIRECT_LIMIT_MS = 20_000;
const STORY_LIMIT_MS = 240_000;
/** As people's browsers do who gave Kith no camera. Of two lists of features, Chromium heeds the last. */
const HIDES_ADDRESSES = ["--disable-features=AutofillServerCommunication,OptimizationHints,Translate,MediaRouter"];

test.beforeAll(async () => {
  const reason = process.env["KITH_LONG"] === "1" ? await reasonAgainstLab() : "it runs with KITH_LONG=1";
  test.skip(reason !== undefined, reason);
  await ensureBuilt();
});

for (const [words, flags] of [
  ["by their addresses", []],
  ["by names that only their network knows", HIDES_ADDRESSES],
] as const) {
  test(`without any server, two pair and introduce a third, ${words}`, async () => {
    test.setTimeout(STORY_LIMIT_MS);
    const lab = await Lab.open();
    try {
      await tell(lab, flags);
    } finally {
      await lab.close();
    }
  });
}

async function tell(lab: Lab, flags: readonly string[]): Promise<void> {
  const lan = await lab.site("cone");
  const alice = await lab.resident("Alice", lan, flags);
  const bob = await lab.resident("Bob", lan, flags);
  const carol = await lab.resident("Carol", lan, flags);
  for (const { person } of [alice, bob, carol]) {
    await person.openAndStart();
    await workerReady(person.page);
  }
  await Promise.all([lab.page.kill(), lab.relay.kill(), lan.unplug()]);
  for (const { person } of [alice, bob, carol]) await person.restartBrowser();

  await test.step("two pair by codes", async () => {
    await pair(alice.person, bob.person);
    await expectDirectChat(lab, alice, bob);
  });
  await test.step("a third pairs with one of them", async () => {
    await pair(carol.person, bob.person);
    await expectDirectChat(lab, carol, bob);
  });
  await test.step("and meets the other through that one", async () => {
    await carol.person.acceptInvite(await alice.person.createInvite(), alice.person);
    await expectDirectChat(lab, carol, alice);
  });
}

/** The first has their conversation open. */
async function expectDirectChat(lab: Lab, first: Resident, second: Resident): Promise<void> {
  await first.person.send(`hello ${second.name}`);
  await second.person.enterConversation(first.person);
  await expect(second.person.message(`hello ${second.name}`)).toBeVisible();
  await second.person.send(`hello ${first.name}`);
  await expect(first.person.message(`hello ${first.name}`)).toBeVisible();
  const rung = await proveUntil("direct", DIRECT_LIMIT_MS, () => provePath(lab, first, second));
  expect(rung).toMatchObject({ kind: "direct" });
}
