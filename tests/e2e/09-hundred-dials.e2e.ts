import { expect, test } from "../support/world.ts";

const DIALS = 100;

test("a hundred dials in a row all become direct", async ({ world }) => {
  test.setTimeout(400_000);
  const [alice, bob] = await world.pair();
  const times: number[] = [];
  for (let dial = 0; dial < DIALS; dial += 1) {
    // A reload ends every link and starts from nothing, as a person's tab would.
    await bob.reload();
    const startedAt = performance.now();
    await expect(bob.connection).toHaveText("Direct");
    times.push(performance.now() - startedAt);
    const pairs = await bob.selectedIcePairs();
    expect(pairs, `dial ${dial + 1}`).not.toEqual([]);
  }
  await expect(alice.connection).toHaveText("Direct");
  await bob.send("after a hundred dials");
  await bob.expectState("after a hundred dials", /Delivered|Read/);
  const sorted = times.toSorted((a, b) => a - b);
  const inMs = (index: number): string => `${Math.round(sorted[index] ?? Number.NaN)} ms`;
  console.log(`${DIALS} dials: median ${inMs(DIALS / 2)}, slowest ${inMs(DIALS - 1)}`);
});
