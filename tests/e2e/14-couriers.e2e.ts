/** Two who are never there at once, and a contact of both who carries between them and can open nothing of it. */
import type { Person } from "../support/person.ts";
import { readStoredRows } from "../support/stored-rows.ts";
import { KEY_LAYOUTS, type SealedTable } from "../../src/core/vault/key-layout.ts";
import { expect, test } from "../support/world.ts";

const TEXT = "the key lies under the third stone";
const MEETING_MS = 40_000;

/** Everything on a person's disk, unsealed, with bytes as text. */
async function everythingOf(person: Person): Promise<string> {
  const found: unknown[] = [];
  for (const table of Object.keys(KEY_LAYOUTS)) found.push(await readStoredRows(person.page, table as SealedTable));
  return JSON.stringify(found, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
  );
}

test("a message to somebody who is away is carried by a contact of both, who cannot open it", async ({ world }) => {
  const [alice, bob] = await world.pair();
  const carol = await world.person("Carol");
  await carol.startByInvite(await alice.createInvite(), alice);
  await bob.acceptInvite(await carol.createInvite(), carol);
  await expect(bob.connection).toHaveText("Direct", { timeout: MEETING_MS });
  await alice.enterConversation(carol);
  await expect(alice.connection).toHaveText("Direct", { timeout: MEETING_MS });

  // Alice has heard from Carol who carries for her.
  const tokens = async (): Promise<number> => {
    const cards = await readStoredRows(alice.page, "cards");
    return Math.max(0, ...cards.map(({ value }) => value.tokens.length));
  };
  await expect.poll(tokens, { timeout: MEETING_MS }).toBeGreaterThan(0);
  await carol.closeBrowser();
  await expect(alice.connection).not.toHaveText("Direct");
  await alice.send(TEXT);
  await alice.expectState(TEXT, "Carried by 1");
  expect(await alice.stateOf(TEXT)).toBe("Carried by 1");
  await alice.page.getByRole("button", { name: "Who carries it" }).click();
  await expect(alice.page.getByText("Carried by Bob", { exact: true })).toBeVisible();
  expect(await everythingOf(alice)).toContain(TEXT);
  expect(await readStoredRows(bob.page, "parcels")).toHaveLength(1);
  expect(await everythingOf(bob)).not.toContain(TEXT);

  await alice.closeBrowser();
  await carol.returnToBrowser();
  await carol.enterConversation(alice);
  await expect(carol.message(TEXT)).toBeVisible({ timeout: MEETING_MS });
  await expect.poll(async () => (await readStoredRows(bob.page, "parcelBytes")).length).toBe(0);

  await alice.returnToBrowser();
  await alice.expectState(TEXT, /Delivered|Read/, MEETING_MS);
  await expect(carol.log.getByRole("article")).toHaveCount(1);
});
