import { FakeCamera } from "../support/fake-camera.ts";
import type { Person } from "../support/person.ts";
import { expect, test } from "../support/world.ts";

test("who opens a used link asks, is let in, and their message arrives", async ({ world }) => {
  const [alice, bob, carol] = await Promise.all(["Alice", "Bob", "Carol"].map((name) => world.person(name)));
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error("nobody is here");
  await alice.openAndStart();
  const link = await alice.createInvite();
  await bob.startByInvite(link, alice);
  await expect(alice.conversationLink(bob)).toBeVisible();

  await carol.startByInvite(link, alice);
  await carol.send("it is me, Carol");
  await expect(carol.alert).toContainText("This invite was already used");
  await expect(carol.alert).toContainText("Alice has your request");
  await expect(carol.connection).toHaveText("Away");
  expect(await carol.countOfPeerConnections()).toBe(0);

  await alice.page.getByRole("link", { name: "Requests (1)" }).click();
  const request = alice.page.getByRole("dialog", { name: "Requests" }).getByRole("listitem");
  await expect(request).toContainText("Carol");
  await request.getByRole("button", { name: "Accept" }).click();
  await expect(alice.conversationHeading(carol)).toBeVisible();
  await expect(alice.message("it is me, Carol")).toBeVisible();
  await carol.expectState("it is me, Carol", /Delivered|Read/);
  await expect(carol.alert).toHaveCount(0);
  await expect(alice.page.getByRole("link", { name: /^Requests/ })).toHaveCount(0);
});

test("two people verify each other with the camera, and one blocks the other", async ({ world }) => {
  const camera = new FakeCamera();
  try {
    const [alice, bob] = await world.pair({ flags: camera.flags });
    await test.step("Bob's camera reads the code on Alice's screen, and both confirm", async () => {
      await openVerify(alice);
      await openVerify(bob);
      expect(await digitsOf(bob)).toBe(await digitsOf(alice));
      await camera.pointAt(verifyDialog(alice).getByRole("img", { name: "Safety number QR code" }));
      await verifyDialog(bob).getByRole("button", { name: "Scan their code" }).click();
      await expect(verifyDialog(bob).getByRole("status")).toContainText("This is Alice’s code");
      await expect(verifyDialog(alice).getByRole("status")).toContainText("Bob’s Kith has read your code");
      for (const person of [alice, bob]) {
        await verifyDialog(person).getByRole("button", { name: "Mark as verified" }).click();
        await person.page.keyboard.press("Escape");
        await expect(person.page.getByText("Verified", { exact: true })).toBeAttached();
      }
    });

    await test.step("blocked, Bob reaches Alice no more, also after a reload, until he is unblocked", async () => {
      await alice.page.getByRole("button", { name: "Details" }).click();
      await alice.page.getByRole("button", { name: "Block" }).click();
      await alice.page.getByRole("button", { name: "Block contact" }).click();
      // Away once the attempts of the first seconds are over.
      await expect(bob.connection).toHaveText(/Connecting|Away/);
      await alice.reload();
      await bob.send("can you hear me?");
      await expect(alice.page.getByText(/^You blocked Bob/)).toBeVisible();
      await expect(alice.network).toContainText("Online");
      await expect(bob.connection).toHaveText(/Connecting|Away/);
      expect(await bob.stateOf("can you hear me?")).toBe("Waiting for Alice");
      await alice.page.getByRole("button", { name: "Unblock" }).click();
      await expect(alice.message("can you hear me?")).toBeVisible({ timeout: 40_000 });
      await bob.expectState("can you hear me?", /Delivered|Read/);
    });
  } finally {
    camera.dispose();
  }
});

const verifyDialog = (person: Person) => person.page.getByRole("dialog", { name: "Verify" });

async function openVerify(person: Person): Promise<void> {
  await person.page.getByRole("button", { name: "Details" }).click();
  await person.page.getByRole("dialog", { name: "Details" }).getByRole("button", { name: "Verify" }).click();
  await expect(verifyDialog(person).getByRole("img", { name: "Safety number QR code" })).toBeVisible();
}

async function digitsOf(person: Person): Promise<string> {
  const digits = verifyDialog(person).getByText(/^(\d{5} ?){12}$/);
  return await digits.innerText();
}
