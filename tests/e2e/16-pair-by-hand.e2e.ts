/** Two people side by side, with no server of any kind: the installed app, and two codes carried from screen to screen. */
import type { Page } from "@playwright/test";
import { copied, pair, paste, readTheirs, showCode, showCodeAgain } from "../support/pairing-steps.ts";
import type { Person } from "../support/person.ts";
import { ServedBuild } from "../support/served-build.ts";
import { workerReady } from "../support/worker-state.ts";
import { expect, test } from "../support/world.ts";

const MINUTE_MS = 60_000;

test("strangers are linked by two codes, and contacts again after a restart, without any server", async ({ world }) => {
  const host = await ServedBuild.start([world.relay.address]);
  try {
    const [alice, bob, carol] = [
      await world.person("Alice", { appUrl: host.url }),
      await world.person("Bob", { appUrl: host.url }),
      await world.person("Carol", { appUrl: host.url }),
    ];
    for (const person of [alice, bob, carol]) {
      await person.openAndStart();
      await workerReady(person.page);
    }
    await Promise.all([host.stop(), world.relay.kill()]);
    for (const person of [alice, bob, carol]) await person.restartBrowser();

    await test.step("the first meeting", async () => {
      await pair(alice, bob);
      for (const person of [alice, bob]) await expect(person.connection).toHaveText("Direct");
      const pairs = await alice.selectedIcePairs();
      expect(pairs).toHaveLength(1);
      expect(pairs[0]?.local).not.toBe("relay");
    });

    await test.step("they write to each other as anybody does", async () => {
      await alice.send("no server heard this");
      await alice.expectState("no server heard this", "Read");
      await expect(bob.message("no server heard this")).toBeVisible();
      await bob.send("nor this");
      await bob.expectState("nor this", "Read");
    });

    await test.step("a third is linked with one of them, and meets the other through that one", async () => {
      await pair(carol, bob);
      await carol.acceptInvite(await alice.createInvite(), alice);
      await carol.send("Bob told me about you");
      await alice.enterConversation(carol);
      await expect(alice.message("Bob told me about you")).toBeVisible();
      await alice.send("welcome");
      await alice.expectState("welcome", "Read");
      for (const person of [alice, carol]) await expect(person.connection).toHaveText("Direct");
      // Directly: one link with Bob, one with each other.
      await expect.poll(async () => (await carol.selectedIcePairs()).length).toBe(2);
      await alice.enterConversation(bob);
    });

    await test.step("whoever was away comes back by two more codes, with what waited", async () => {
      await bob.restartBrowser();
      await bob.enterConversation(alice);
      await bob.send("written while nobody could be reached");
      await pair(bob, alice);
      await bob.expectState("written while nobody could be reached", "Read", 30_000);
      await expect(alice.message("written while nobody could be reached")).toHaveCount(1);
    });
  } finally {
    await host.dispose();
  }
});

test("a code that is of no use is said to be so, in words that end in what to do", async ({ world }) => {
  const [alice, bob] = [await world.person("Alice"), await world.person("Bob")];
  await alice.openAndStart();
  await bob.openAndStart();
  const expectWords = async ({ page, alert }: Person, text: string, words: RegExp): Promise<void> => {
    await paste(page, text);
    await expect(alert).toHaveText(words);
  };
  const offer = await showCode(alice.page);
  await readTheirs(bob.page);

  await test.step("damaged, or no code at all", async () => {
    const other = offer.endsWith("A") ? "B" : "A";
    for (const text of ["hello", offer.slice(0, -3), offer.slice(0, -1) + other, offer.replace("pair", "pear")]) {
      await expectWords(bob, text, /no code for pairing\. Read or copy it again, whole\.$/);
    }
  });

  await paste(bob.page, offer);
  const answer = await copied(bob.page);
  await test.step("one's own, and somebody else's first code where an answer is due", async () => {
    await alice.page.getByRole("button", { name: "Read their answer" }).click();
    await expectWords(alice, offer, /your own code\. Read the one on their screen\.$/);
    await bob.page.getByRole("button", { name: "Start over" }).click();
    const theirs = await showCodeAgain(bob.page);
    await expectWords(alice, theirs, /a first code too\. Let them read yours/);
  });

  await test.step("an answer to another code, or where a first code is due", async () => {
    await alice.page.getByRole("button", { name: "Show my code again" }).click();
    await alice.page.getByRole("button", { name: "Start over" }).click();
    const other = await showCodeAgain(alice.page);
    expect(other).not.toBe(offer);
    await alice.page.getByRole("button", { name: "Read their answer" }).click();
    await expectWords(alice, answer, /answers another code\. Go back, and let them read the one on your screen\.$/);
    await bob.page.getByRole("button", { name: "Start over" }).click();
    await bob.page.getByRole("button", { name: "Read their code" }).click();
    await expectWords(bob, answer, /is an answer\. One of you presses “Show a code” first/);
  });

  await test.step("one that is too old, at either end", async () => {
    await alice.page.getByRole("button", { name: "Show my code again" }).click();
    const old = await copied(alice.page);
    await paste(bob.page, old);
    const late = await copied(bob.page);
    await alice.page.getByRole("button", { name: "Read their answer" }).click();
    await bob.page.getByRole("button", { name: "Start over" }).click();
    await bob.page.getByRole("button", { name: "Read their code" }).click();
    for (const { page } of [alice, bob]) await setClockForward(page, 11 * MINUTE_MS);
    await expectWords(alice, late, /older than ten minutes\. Begin again with new ones\.$/);
    await expectWords(bob, old, /older than ten minutes\. Begin again with new ones\.$/);
  });
});

/** What the page takes for the time; nothing else moves. */
async function setClockForward(page: Page, byMs: number): Promise<void> {
  await page.evaluate((ms) => {
    const now = Date.now;
    Date.now = () => now() + ms;
  }, byMs);
}
