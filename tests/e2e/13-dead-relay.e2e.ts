import { expect, test } from "@playwright/test";
import { readInvite } from "../support/hostile-peer.ts";
import { Person } from "../support/person.ts";
import { AppServer, RelayServer } from "../support/servers.ts";
import { SilentServer } from "../support/silent-server.ts";

/** Well below the time after which an attempt on a relay that says nothing is given up (5 seconds). */
const ONLINE_MS = 4_500;

test("with one of two relays dead, the app is online through the other one, and invites name that one", async () => {
  // Dead in the worst way: connections are taken, and nothing is ever said.
  const dead = await RelayServer.start();
  await dead.dispose();
  const silent = await SilentServer.start(Number(/\/tcp\/(\d+)\//.exec(dead.address)?.[1]));
  const living = await RelayServer.start();
  const app = await AppServer.start([dead.address, living.address]);
  const alice = await Person.create({ name: "Alice", appUrl: app.url });
  const bob = await Person.create({ name: "Bob", appUrl: app.url });
  try {
    await alice.open();
    await alice.start();
    await expect(alice.network).toContainText("Online", { timeout: ONLINE_MS });
    expect(silent.connections).toBeGreaterThan(0);
    expect(silent.connections).toBeLessThanOrEqual(2);

    const link = await alice.createInvite();
    expect(readInvite(link).relays).toEqual([living.address]);
    await bob.startByInvite(link, alice);
    await alice.enterConversation(bob);
    await alice.send("One relay is enough");
    await alice.expectState("One relay is enough", /Delivered|Read/);
    expect([...alice.problems, ...bob.problems]).toEqual([]);
  } finally {
    await Promise.all([alice.dispose(), bob.dispose()]);
    await Promise.all([app.dispose(), living.dispose(), silent.close()]);
  }
});
