import { workerReady } from "../support/worker-state.ts";
import { expect, test } from "../support/world.ts";

interface Picture {
  readonly src: string;
  readonly sizes: string;
}

test("the browser finds nothing that keeps Kith from being installed, and every picture as large as it says", async ({
  world,
}) => {
  const alice = await world.person("Alice");
  await alice.openAndStart();
  await workerReady(alice.page);
  const devTools = await alice.page.context().newCDPSession(alice.page);
  const { errors, manifest } = await devTools.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(manifest).toMatchObject({ name: "Kith", id: `${world.app.url}kith`, startUrl: world.app.url });
  expect((await devTools.send("Page.getInstallabilityErrors")).installabilityErrors).toEqual([]);

  const pictures = await alice.page.evaluate(async () => {
    const manifest: { icons: Picture[]; screenshots: Picture[] } = await (await fetch("manifest.webmanifest")).json();
    return Promise.all(
      [...manifest.icons, ...manifest.screenshots].map(async ({ src, sizes }) => {
        const image = new Image();
        image.src = src;
        await image.decode();
        return { src, sizes, isRight: sizes === "any" || sizes === `${image.naturalWidth}x${image.naturalHeight}` };
      }),
    );
  });
  expect(pictures.length).toBeGreaterThanOrEqual(7);
  expect(pictures.filter(({ isRight }) => !isRight)).toEqual([]);
});

test("Kith as an app is offered once there is a conversation, and not again after a no", async ({ world }) => {
  const alice = await world.person("Alice");
  await alice.openAndStart();
  const offer = alice.page.getByRole("button", { name: "Install Kith" });
  await expect(alice.page.getByRole("button", { name: "Invite someone" })).toBeVisible();
  await workerReady(alice.page);
  await expect(offer).toHaveCount(0);

  const bob = await world.person("Bob");
  await bob.startByInvite(await alice.createInvite(), alice);
  await expect(offer).toBeVisible();
  await alice.page.getByRole("button", { name: "Hide" }).click();
  await expect(offer).toHaveCount(0);
  await alice.reload();
  await expect(alice.conversationLink(bob)).toBeVisible();
  await alice.page.getByRole("button", { name: "Settings" }).click();
  await expect(
    alice.page.getByRole("region", { name: "About" }).getByRole("button", { name: "Install Kith" }),
  ).toBeVisible();
  await expect(offer).toHaveCount(1);
});
