/** People meet through a relay that has no name and no certificate of an authority: their browsers reach it by WebRTC Direct. */
import { AppServer, RelayServer } from "../support/servers.ts";
import { expect, test } from "../support/world.ts";

test("a relay without a certificate introduces two people, and is found again after a restart", async ({ world }) => {
  const relay = await RelayServer.start([], "webrtc-direct");
  world.atEnd(() => relay.dispose());
  expect(relay.address).toMatch(/^\/ip4\/127\.0\.0\.1\/udp\/\d+\/webrtc-direct\/certhash\/u[\w-]+\/p2p\/12D3Koo\w+$/);
  const app = await AppServer.start([relay.address]);
  world.atEnd(() => app.dispose());

  const alice = await world.person("Alice", { appUrl: app.url });
  const bob = await world.person("Bob", { appUrl: app.url });
  await alice.openAndStart();
  await bob.startByInvite(await alice.createInvite(), alice);
  await alice.enterConversation(bob);
  for (const person of [alice, bob]) await expect(person.connection).toHaveText("Direct");
  await alice.send("who introduced us?");
  await alice.expectState("who introduced us?", "Read");
  await bob.send("nobody with a certificate");
  await bob.expectState("nobody with a certificate", "Read");
});
