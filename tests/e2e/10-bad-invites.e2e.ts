import { base64UrlToBytes, bytesToBase64Url, hexToBytes } from "../../src/core/codec/bytes.ts";
import { encodeInvite, inviteLink, parseInviteText, type Invite } from "../../src/core/conversations/invite-codec.ts";
import { createSuite } from "../../src/core/crypto/real-suite.ts";
import type { Person } from "../support/person.ts";
import { startBarePeer } from "../support/bare-peer.ts";
import { Stranger } from "../support/stranger.ts";
import { expect, test } from "../support/world.ts";

const suite = createSuite();
const DAY_MS = 86_400_000;
const LISTEN_MS = 4_000;

test("an invite that cannot be read says why before anything is dialled", async ({ world }) => {
  const [alice, bob] = await Promise.all([world.person("Alice"), world.person("Bob")]);
  await alice.openAndStart();
  const link = await alice.createInvite();
  const payload = link.slice(link.indexOf("#i/") + 3);

  const expectAlert = async (url: string, words: string): Promise<void> => {
    await bob.open("about:blank");
    await bob.open(url);
    await expect(bob.alert).toContainText(`This invite ${words}`);
    await expect(bob.page.getByRole("button", { name: "Start" })).toBeEnabled();
  };
  await test.step("truncated, at any place", async () => {
    for (const length of [0, 1, 40, payload.length - 1]) {
      await expectAlert(`${world.app.url}#i/${payload.slice(0, length)}`, "is incomplete");
    }
  });
  await test.step("foreign", async () => {
    await expectAlert(`${world.app.url}#i/dGhpcyBpcyBub3QgYW4gaW52aXRl`, "is incomplete");
    await expectAlert(`${world.app.url}#i/%F0%9F%98%80not-an-invite`, "is incomplete");
  });
  await test.step("changed on the way", async () => {
    const bytes = base64UrlToBytes(payload, 270);
    bytes[50] = (bytes[50] ?? 0) ^ 1;
    await expectAlert(`${world.app.url}#i/${bytesToBase64Url(bytes)}`, "is incomplete");
  });
  await test.step("expired", async () => {
    const invite = { ...readInvite(link), expiresAt: Date.now() - DAY_MS };
    await expectAlert(linkOf(invite, world.app.url), "has expired");
  });
  await test.step("from a newer Kith", async () => {
    await expectAlert(newerLink(link, world.app.url), "is from a newer Kith");
  });
  await test.step("the first run is still there, and a good invite still works", async () => {
    expect(await bob.countOfPeerConnections()).toBe(0);
    await bob.open("about:blank");
    await bob.startByInvite(link, alice);
    await bob.send("the good one works");
    await bob.expectState("the good one works", /Delivered|Read/);
  });
  await test.step("own", async () => {
    await alice.open(await alice.createInvite());
    await expect(alice.alert).toContainText("This invite is your own");
  });
});

test("an invite that was withdrawn or used says so in the conversation, and drops nothing", async ({ world }) => {
  const [alice, bob] = await world.pair();
  await bob.send("from before");
  await bob.expectState("from before", /Delivered|Read/);
  const [used, withdrawn] = [await alice.createInvite(), await alice.createInvite({ days: "1 day" })];
  await withdraw(alice);

  const carol = await world.person("Carol");
  await carol.startByInvite(used, alice);
  await carol.send("I was first");
  await carol.expectState("I was first", /Delivered|Read/);

  const [dave, erin] = await Promise.all([world.person("Dave"), world.person("Erin")]);
  await dave.startByInvite(used, alice);
  await dave.send("I was second");
  await expect(dave.alert).toContainText("This invite was already used");
  await erin.startByInvite(withdrawn, alice);
  await erin.send("I was too late");
  await expect(erin.alert).toContainText("This invite was withdrawn");
  for (const [person, text] of [
    [dave, "I was second"],
    [erin, "I was too late"],
  ] as const) {
    await person.reload();
    await expect(person.message(text)).toBeVisible();
    expect(await person.stateOf(text)).toBe("Waiting for Alice");
  }

  await test.step("and who made up a secret learns nothing but that it is no good", async () => {
    const mallory = await world.person("Mallory");
    const forged = { ...readInvite(used), secret: new Uint8Array(16).fill(7) };
    await mallory.startByInvite(linkOf(forged, world.app.url), alice);
    await expect(mallory.alert).toContainText("This invite");
    expect(await mallory.countOfPeerConnections()).toBe(0);
  });

  for (const stranger of ["Dave", "Erin", "Mallory"]) {
    await expect(alice.page.getByRole("link", { name: new RegExp(`^${stranger}`) })).toHaveCount(0);
  }
  await alice.enterConversation(bob);
  await expect(alice.message("from before")).toBeVisible();
  await bob.send("still here");
  await expect(alice.message("still here")).toBeVisible();
});

test("an invite that expired meanwhile says so", async ({ world }) => {
  const [alice, bob] = await Promise.all([world.person("Alice"), world.person("Bob")]);
  await alice.openAndStart();
  const link = await alice.createInvite({ days: "1 day" });
  await bob.page.clock.setFixedTime(Date.now() + 2 * DAY_MS);
  await bob.open(link);
  await expect(bob.alert).toContainText("This invite has expired");
});

test("a stranger's WebRTC offer gets no answer and no candidate", async ({ world }) => {
  const [alice, bob] = await world.pair();
  await expect(alice.connection).toHaveText("Direct");
  const before = await alice.countOfPeerConnections();
  const invite = readInvite(await alice.createInvite());
  const sdp = await offerOf(bob);

  const mallory = await Stranger.create();
  const careless = await startBarePeer(world.relay.address);
  try {
    expect((await mallory.offer(world.relay.address, careless.key, sdp, LISTEN_MS)).bytes).toBeGreaterThan(0);
    const answer = await mallory.offer(world.relay.address, hexToBytes(invite.peer, 32), sdp, LISTEN_MS);
    expect(answer).toMatchObject({ bytes: 0 });
  } finally {
    await mallory.stop();
    await careless.stop();
  }
  expect(await alice.countOfPeerConnections()).toBe(before);
  await alice.send("undisturbed");
  await alice.expectState("undisturbed", /Delivered|Read/);
});

function readInvite(link: string): Invite {
  const decoded = parseInviteText(suite, link);
  if (decoded.kind !== "invite") throw new Error(`The invite is ${decoded.kind}`);
  return decoded.invite;
}

function linkOf(invite: Invite, appUrl: string): string {
  return inviteLink(appUrl, encodeInvite(suite, invite));
}

/** As a later version would make it: everything may look different behind the version, but its check still holds. */
function newerLink(link: string, appUrl: string): string {
  const bytes = base64UrlToBytes(link.slice(link.indexOf("#i/") + 3), 270).slice(0, -4);
  bytes[0] = 200;
  const domain = new TextEncoder().encode("kith/invite-checksum/1");
  const check = suite.hash(Uint8Array.from([...domain, ...bytes])).subarray(0, 4);
  return inviteLink(appUrl, Uint8Array.from([...bytes, ...check]));
}

/** Withdraws the invite that was made last. */
async function withdraw(person: Person): Promise<void> {
  await person.page.getByRole("button", { name: "Settings" }).click();
  const invites = person.page.getByRole("dialog", { name: "Settings" }).getByRole("list", { name: "Open invites" });
  await expect(invites.getByRole("listitem")).toHaveCount(2);
  const shortLived = invites.getByRole("listitem").filter({ hasText: dateIn(1) });
  await shortLived.getByRole("button", { name: "Withdraw" }).click();
  await expect(invites.getByRole("listitem")).toHaveCount(1);
  await person.page.keyboard.press("Escape");
}

function dateIn(days: number): string {
  return new Intl.DateTimeFormat("en-US", { day: "numeric", month: "short" }).format(Date.now() + days * DAY_MS);
}

/** A real offer, as a browser makes it. */
async function offerOf(person: Person): Promise<string> {
  return await person.page.evaluate(async () => {
    const connection = new RTCPeerConnection();
    connection.createDataChannel("init");
    const offer = await connection.createOffer();
    connection.close();
    return offer.sdp ?? "";
  });
}
