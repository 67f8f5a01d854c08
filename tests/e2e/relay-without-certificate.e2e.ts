/** People meet through a relay that has no name and no certificate of an authority: their browsers reach it by WebRTC Direct. */
import { expect, test } from "@playwright/test";
import { Person } from "../support/person.ts";
import { AppServer, RelayServer } from "../support/servers.ts";

test("a relay without a certificate introduces two people", async () => {
  const relay = await RelayServer.start([], "webrtc-direct");
  expect(relay.address).toMatch(/^\/ip4\/127\.0\.0\.1\/udp\/\d+\/webrtc-direct\/certhash\/u[\w-]+\/p2p\/12D3Koo\w+$/);
  const app = await AppServer.start([relay.address]);
  const [alice, bob] = await Promise.all([
    Person.create({ name: "Alice", appUrl: app.url }),
    Person.create({ name: "Bob", appUrl: app.url }),
  ]);
  try {
    await alice.openAndStart();
    await bob.startByInvite(await alice.createInvite(), alice);
    await alice.enterConversation(bob);
    for (const person of [alice, bob]) await expect(person.connection).toHaveText("Direct");
    await alice.send("who introduced us?");
    await alice.expectState("who introduced us?", "Read");
    await bob.send("nobody with a certificate");
    await bob.expectState("nobody with a certificate", "Read");
    expect([...alice.problems, ...bob.problems]).toEqual([]);
  } finally {
    await Promise.all([alice.dispose(), bob.dispose()]);
    await Promise.all([app.dispose(), relay.dispose()]);
  }
});
