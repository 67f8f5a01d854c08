/** A disk that is really full, not only the quota of a site: the browser cannot even end the write that it has begun. */
import type { Person } from "../support/person.ts";
import { mountDisk } from "../support/disk.ts";
import { expect, test } from "../support/world.ts";

const DISK_MEGABYTES = 150;
const LONG = "a long line, ".repeat(120);
const MOST_MESSAGES = 40;
const TYPE_LIMIT_MS = 5_000;
const SENT = /before|full \d+|after \w+/;

/** Until one is not taken any more, which is still on the screen then. Gives back those that were. */
async function sendUntilFull(person: Person): Promise<readonly string[]> {
  const taken: string[] = [];
  const kept = person.page.getByRole("textbox", { name: /^Perhaps not sent|^Message$/ });
  const trouble = person.page.getByRole("alert");
  for (let number = 1; number <= MOST_MESSAGES; number += 1) {
    const text = `full ${number}`;
    // The store may end, and the composer with it, before anything is typed, and while it is.
    const isTyped = await person.composer.fill(`${text} ${LONG}`, { timeout: TYPE_LIMIT_MS }).then(
      () => true,
      () => false,
    );
    await person.page.keyboard.press("Enter");
    await expect.poll(async () => (await trouble.count()) > 0 || (await kept.inputValue()) === "").toBe(true);
    if ((await trouble.count()) > 0) {
      if (isTyped) await expect(kept).toHaveValue(`${text} ${LONG}`);
      return taken;
    }
    taken.push(text);
  }
  throw new Error("the disk was not full");
}

test("a disk that was full costs nothing that was sent, now or at a later start", async ({ world }) => {
  const disk = mountDisk(DISK_MEGABYTES);
  test.skip(disk === undefined, "nothing may be mounted here");
  if (disk === undefined) return;
  world.atEnd(async () => disk.unmount());
  const [alice, bob] = [await world.person("Alice", { parentFolder: disk.folder }), await world.person("Bob")];
  await alice.openAndStart();
  await bob.startByInvite(await alice.createInvite(), alice);
  await alice.enterConversation(bob);
  await alice.send("before");
  await alice.expectState("before", "Read");

  disk.fill();
  const sent = ["before", ...(await sendUntilFull(alice))];
  disk.free();
  await alice.reload();
  for (const text of ["after once", "after twice"]) {
    await expect(alice.conversationHeading(bob)).toBeVisible();
    await alice.send(text);
    sent.push(text);
    await alice.killBrowser();
    await alice.returnToBrowser();
  }
  // The one that was not taken may have reached the disk all the same.
  const doubtful = `full ${sent.length - 2}`;
  for (const person of [alice, bob]) {
    const shown = async () => (await person.shown(SENT)).filter((text) => text !== doubtful);
    await expect.poll(shown, { message: `what ${person.name} has` }).toEqual(sent);
  }
});
