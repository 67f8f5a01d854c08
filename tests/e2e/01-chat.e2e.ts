import { expect, test } from "../support/world.ts";

test("two people meet by an invite and chat over a direct link", async ({ world }) => {
  const [alice, bob] = await Promise.all([world.person("Alice"), world.person("Bob")]);
  await alice.openAndStart();
  const link = await alice.createInvite();
  expect(link.startsWith(`${world.app.url}#i/`)).toBe(true);
  await bob.startByInvite(link, alice);
  // The secret of an invite does not stay in the address bar, nor in its history.
  expect(bob.page.url()).not.toContain("#i/");
  await expect(alice.conversationHeading(bob)).toBeVisible();

  await test.step("a message that nobody has looked at is delivered, then read", async () => {
    await alice.leaveConversation();
    await bob.send("Hello Alice, it is me");
    await bob.expectState("Hello Alice, it is me", "Delivered");
    expect(await bob.stateOf("Hello Alice, it is me")).toBe("Delivered");
    await alice.enterConversation(bob);
    await expect(alice.message("Hello Alice, it is me")).toHaveAccessibleName(/^Bob, /);
    await bob.expectState("Hello Alice, it is me", "Read");
    expect(await bob.stateOf("Hello Alice, it is me")).toBe("Read");
  });

  await test.step("the same the other way", async () => {
    await bob.leaveConversation();
    await alice.send("There you are");
    await expect(alice.message("There you are")).toHaveAccessibleName(/^You, /);
    await alice.expectState("There you are", "Delivered");
    await bob.enterConversation(alice);
    await alice.expectState("There you are", "Read");
  });

  await test.step("the link is direct, by what is said and by what carries it", async () => {
    for (const person of [alice, bob]) {
      await expect(person.connection).toHaveText("Direct");
      const pairs = await person.selectedIcePairs();
      expect(pairs.length).toBeGreaterThan(0);
      for (const pair of pairs) {
        expect(pair.protocol).toBe("udp");
        expect([pair.local, pair.remote]).not.toContain("relay");
      }
    }
  });

  await test.step("a long exchange keeps its order on both sides", async () => {
    const texts = Array.from({ length: 10 }, (_, index) => [`alice-${index}`, `bob-${index}`]).flat();
    for (const text of texts) {
      const [writer, reader] = text.startsWith("alice") ? [alice, bob] : [bob, alice];
      await writer.send(text);
      await expect(reader.message(text)).toBeVisible();
    }
    for (const person of [alice, bob]) expect(await person.shown(/(alice|bob)-\d/)).toEqual(texts);
  });
});
