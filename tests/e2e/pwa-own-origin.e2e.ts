import { join } from "node:path";
import { networkLogFlags, readNetworkLog } from "../support/network-log.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { workerReady } from "../support/worker-state.ts";
import { expect, test } from "../support/world.ts";

test("a whole story contacts the page's own host and the relay, and nobody else", async ({ world }) => {
  const folder = await temporaryFolder();
  try {
    const file = join(folder.path, "bob.json");
    const [alice, bob] = await world.pair({ flags: networkLogFlags(file) });
    await workerReady(bob.page);
    await alice.send("see https://elsewhere.example/picture.png");
    await bob.send("I have not opened it");
    await alice.expectState("see https://elsewhere.example/picture.png", "Read");
    await expect(bob.connection).toHaveText("Direct");
    await bob.page.getByRole("button", { name: "Details" }).click();
    await bob.page.keyboard.press("Escape");
    await bob.createInvite();
    await bob.page.getByRole("button", { name: "Settings" }).click();
    await expect(bob.page.getByRole("dialog", { name: "Settings" })).toBeVisible();
    await bob.reload();
    await bob.closeBrowser();

    const app = new URL(world.app.url);
    const [, relayPort = ""] = /\/tcp\/(\d+)\//.exec(world.relay.address) ?? [];
    const { requests, lookUps } = await readNetworkLog(file);
    const asked = requests.filter(({ initiator }) => initiator === app.origin).map(({ url }) => url);
    const lookedUp = lookUps.filter(({ site }) => site.startsWith(`${app.protocol}//${app.hostname}`));
    // The log holds what it is trusted to hold: the page's parts, its worker's, and sockets.
    for (const path of ["sw.js", "network.json", ""]) expect(asked).toContain(app.href + path);
    expect(asked).toContain(`ws://127.0.0.1:${relayPort}/`);
    expect(new Set(lookedUp.map(({ name }) => name))).toEqual(new Set([app.hostname]));
    const hosts = new Set(asked.map((url) => new URL(url).host));
    expect([...hosts].toSorted()).toEqual([app.host, `127.0.0.1:${relayPort}`].toSorted());
  } finally {
    await folder.remove();
  }
});
