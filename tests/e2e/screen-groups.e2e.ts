/** Groups as they look and behave over a messenger in memory. */
import { expect } from "@playwright/test";
import type { MissingView, ThreadId } from "../../src/core/views.ts";
import { misfits } from "../support/fits.ts";
import {
  askToRemove,
  endMembership,
  openCreateGroup,
  openGroupDetails,
  openMemberMenu,
} from "../support/group-screens.ts";
import { tabTo } from "../support/keyboard.ts";
import { GROUP_OF_SIXTY, LAKE_GROUP, test, WIDE } from "../support/screen-test.ts";

const LAKE = { script: "groups", hash: `#/c/${LAKE_GROUP}` } as const;

test("makes a group of contacts with the keyboard alone, and opens it", async ({ kith }) => {
  const { page } = kith;
  await kith.open();
  await tabTo(page, page.getByRole("button", { name: "New conversation" }));
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Create group" }));
  await page.keyboard.press("Enter");
  const name = page.getByRole("textbox", { name: "Group name" });
  await tabTo(page, name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("Type a name for the group first");
  await page.keyboard.type("x".repeat(97));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText("This name is too long");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("Sunday swimmers");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await tabTo(page, page.getByRole("checkbox", { name: "Ana Brandt" }));
  await page.keyboard.press("Space");
  await tabTo(page, page.getByRole("checkbox", { name: "Carol Eze" }));
  await page.keyboard.press("Space");
  await expect(page.getByRole("group", { name: "Who is in it · 2 chosen" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 2, name: "Sunday swimmers" })).toBeVisible();
  await expect(page.getByRole("status", { name: "Connection" })).toHaveText("2 of 3 online");
  const log = page.getByRole("log", { name: "Messages" });
  await expect(log).toContainText("You created the group Sunday swimmers");
  await expect(log).toContainText("You added Carol Eze");
  await expect(log.getByRole("article")).toHaveCount(0);
});

test("says so where there is nobody to bring together", async ({ kith }) => {
  const { page } = kith;
  await kith.open({ script: "empty" });
  const dialog = await openCreateGroup(page);
  await expect(dialog).toContainText("You have no contacts yet");
  await dialog.getByRole("button", { name: "Invite someone" }).click();
  await expect(page.getByRole("textbox", { name: "Invite link" })).toBeVisible();
});

test("finds one of many contacts, keeps who was chosen before, and says why a group could not be made", async ({
  kith,
}) => {
  const { page } = kith;
  await kith.open();
  await page.evaluate(() => {
    const { messenger, threadView } = window.kith;
    messenger.groups.nextOutcome = { kind: "too-many", limit: 500 };
    for (let index = 0; index < 20; index += 1) {
      const thread = threadView(`many${index}`, `Neighbour ${index}`, { path: { kind: "away" } });
      messenger.emit({ type: "thread", thread });
    }
  });
  const dialog = await openCreateGroup(page);
  await dialog.getByRole("checkbox", { name: "Bob" }).check();
  await dialog.getByRole("searchbox", { name: "Find a contact" }).fill("bour 19");
  await expect(dialog.getByRole("checkbox")).toHaveCount(1);
  await dialog.getByRole("checkbox", { name: "Neighbour 19" }).check();
  await dialog.getByRole("searchbox").fill("nobody");
  await expect(dialog).toContainText("None of your contacts is called that");
  await dialog.getByRole("textbox", { name: "Group name" }).fill("Street");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(dialog.getByRole("alert")).toContainText("room for 500 people");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Street" })).toBeVisible();
  expect(await page.evaluate(() => window.kith.messenger.calls)).toContain("create Street b0b0,many19");
});

test("shows who wrote, who changed what, and how far each message came", async ({ kith }) => {
  const { page } = kith;
  await kith.open(LAKE);
  await expect(page.getByRole("status", { name: "Connection" })).toHaveText("3 of 4 online");
  const log = page.getByRole("log", { name: "Messages" });
  await expect(log.getByRole("article")).toHaveCount(7);
  await expect(log.locator(".author")).toHaveText([/^Ana Brandt$/, /^Eva\s*5e5e$/, /^Eva\s*e0e0$/]);
  await expect(log.locator(".change-line")).toContainText([
    "Ana Brandt created the group Trip",
    "Ana Brandt added you",
    "Ana Brandt added Eva",
    "Ana Brandt renamed the group to Trip to the lake",
  ]);
  await expect(log.getByText("Older messages are not yours to read")).toHaveCount(1);
  const own = (text: string) => log.getByRole("article", { name: /^You, / }).filter({ hasText: text });
  await expect(own("room for two")).toContainText("Read");
  await expect(own("all is settled")).toContainText("Delivered");
  await expect(own("at the station")).toContainText("Delivered to 1 of 3");
  await page.evaluate(
    (id) => window.kith.messenger.groups.say(id as ThreadId, "Ana Brandt", "I have bread"),
    LAKE_GROUP,
  );
  await expect(
    page.locator("[aria-live=polite]").getByText("Ana Brandt in Trip to the lake: I have bread"),
  ).toBeAttached();
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByRole("link", { name: /^Trip to the lake.*Ana Brandt: I have bread/ }).click();
  await page.getByRole("textbox", { name: "Message" }).fill("Then I bring butter");
  await page.keyboard.press("Enter");
  await expect(own("butter")).toContainText("Waiting for Trip to the lake");
});

test("adds, renames, promotes and removes from Details", async ({ kith }) => {
  const { page } = kith;
  await kith.open(LAKE);
  let details = await openGroupDetails(page);
  const members = page.getByRole("list", { name: "Members" });
  await expect(members.getByRole("listitem")).toHaveCount(4);
  await expect(members.getByRole("listitem").first()).toContainText(/Maple\s*You/);
  await details.getByRole("textbox", { name: "Group name" }).fill("Lake crew");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 2, name: "Lake crew", includeHidden: true })).toBeAttached();
  await openMemberMenu(page, "Eva e0e0");
  await page.getByRole("menuitem", { name: "Make admin" }).click();
  await expect(members.getByRole("listitem").filter({ hasText: "e0e0" })).toContainText("Admin");
  await openMemberMenu(page, "Eva e0e0");
  await expect(page.getByRole("menuitem", { name: "Make member" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Actions for Eva e0e0" })).toBeFocused();
  await askToRemove(page, "Eva 5e5e");
  await page.getByRole("button", { name: "Remove from group" }).click();
  await expect(members.getByRole("listitem")).toHaveCount(3);
  await page.evaluate(() => {
    window.kith.messenger.groups.nextOutcome = { kind: "refused" };
  });
  await askToRemove(page, "Ana Brandt");
  await page.getByRole("button", { name: "Remove from group" }).click();
  await expect(details.getByRole("alert")).toContainText("This is not possible any more");
  await details.getByRole("button", { name: "Add people" }).click();
  const adding = page.getByRole("dialog", { name: "Add people" });
  await expect(adding.getByRole("checkbox", { name: "Ana Brandt" })).toHaveCount(0);
  await adding.getByRole("button", { name: "Add", exact: true }).click();
  await expect(adding.getByRole("alert")).toContainText("Choose at least one person");
  await adding.getByRole("checkbox", { name: "Bob" }).check();
  await adding.getByRole("button", { name: "Add", exact: true }).click();
  await expect(adding).toHaveCount(0);
  const log = page.getByRole("log", { name: "Messages" });
  for (const line of [
    "You renamed the group to Lake crew",
    "You made Eva an admin",
    "You removed Eva",
    "You added Bob",
  ])
    await expect(log.locator(".change-line").filter({ hasText: line })).toHaveCount(1);
  details = await openGroupDetails(page);
  await details.getByRole("textbox", { name: "Group name" }).fill(" ");
  await page.keyboard.press("Escape");
  await expect(details).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 2, name: "Lake crew" })).toBeVisible();
  details = await openGroupDetails(page);
  await details.getByRole("button", { name: "Invite link" }).click();
  await expect(page.getByRole("textbox", { name: "Invite link" })).toHaveValue(/#i\//);
  expect(await page.evaluate(() => window.kith.messenger.calls)).toContain(`group invite ${LAKE_GROUP}`);
});

test("leaves after saying what it means, keeps what was said, and deletes it when asked", async ({ kith }) => {
  const { page } = kith;
  await kith.open(LAKE);
  await openMemberMenuAfterDetails();
  await page.getByRole("menuitem", { name: "Make member" }).click();
  await page.getByRole("button", { name: "Leave group" }).click();
  await expect(page.getByRole("alert")).toContainText("nobody can change the group then");
  await page.getByRole("button", { name: "Leave", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Message" })).toHaveCount(0);
  await expect(page.getByText(/^You are not in this group any more/)).toBeVisible();
  await expect(page.getByText("You left")).toBeVisible();
  await expect(page.getByRole("article")).toHaveCount(7);
  const details = await openGroupDetails(page);
  for (const gone of ["Add people", "Invite link", "Leave group"])
    await expect(details.getByRole("button", { name: gone })).toHaveCount(0);
  await details.getByRole("button", { name: "Delete conversation" }).click();
  await details.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByRole("link", { name: /^Trip to the lake/ })).toHaveCount(0);

  async function openMemberMenuAfterDetails(): Promise<void> {
    await openGroupDetails(page);
    await openMemberMenu(page, "Ana Brandt");
  }
});

test("offers one who is no admin nothing but to look, to write to others and to leave, among sixty members", async ({
  kith,
}) => {
  const { page } = kith;
  await kith.open({ script: "groups", hash: `#/c/${GROUP_OF_SIXTY}` });
  const details = await openGroupDetails(page);
  const members = page.getByRole("list", { name: "Members" });
  await expect(members.getByRole("listitem")).toHaveCount(12);
  await details.getByRole("button", { name: "Show all 60 members" }).click();
  await expect(members.getByRole("listitem")).toHaveCount(60);
  await openMemberMenu(page, "Neighbour 7");
  await expect(page.getByRole("menuitem")).toHaveText(["Write message"]);
  await page.keyboard.press("Escape");
  await expect(details.getByRole("textbox")).toHaveCount(0);
  for (const hidden of ["Add people", "Invite link"])
    await expect(details.getByRole("button", { name: hidden })).toHaveCount(0);
  await details.getByRole("button", { name: "Leave group" }).click();
  await expect(page.getByRole("alert")).not.toContainText("only admin");
});

test("fits the screen of any phone", async ({ kith }) => {
  const { page } = kith;
  const expectToFit = async (): Promise<void> => {
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await misfits(page)).toEqual([]);
    }
  };
  await kith.open(LAKE);
  await expect(page.getByRole("article")).toHaveCount(7);
  await expectToFit();
  await openGroupDetails(page);
  await askToRemove(page, "Ana Brandt");
  await expectToFit();
  await page.getByRole("button", { name: "Add people" }).click();
  await expect(page.getByRole("dialog", { name: "Add people" })).toBeVisible();
  await expectToFit();
  await page.keyboard.press("Escape");
  await endMembership(page);
  await expectToFit();
});

test("tells what is known to exist and is not here, politely, until it comes", async ({ kith }) => {
  const { page } = kith;
  await kith.open({ ...LAKE });
  const note = page.getByRole("status", { name: "Missing messages" });
  await expect(note).toBeEmpty();
  const tell = (missing: readonly MissingView[]): Promise<void> =>
    page.evaluate(
      ([id, views]) => {
        const { messenger } = window.kith;
        messenger.missingByThread = { [id]: views };
        const view = messenger.threadsById.get(id as ThreadId)?.view;
        if (view !== undefined) messenger.emit({ type: "thread", thread: view });
      },
      [LAKE_GROUP, missing] as const,
    );
  await tell([
    { author: "Ana Brandt", away: 3, locked: 0, holders: ["Eva"], isAuthorIn: true, isComing: false },
    { author: "Eva", away: 0, locked: 1, holders: [], isAuthorIn: true, isComing: false },
  ]);
  await expect(note).toContainText(
    "3 messages from Ana Brandt are not here yet; Eva has them. They come when you meet Ana Brandt or Eva.",
  );
  await expect(note).toContainText("1 message from Eva is here and cannot be read yet.");
  expect(await misfits(page)).toEqual([]);
  await tell([]);
  await expect(note).toBeEmpty();
});

test("says in Settings how much of the storage is there for others", async ({ kith }) => {
  const { page } = kith;
  await kith.open({ script: "groups" });
  await page.evaluate(() => {
    window.kith.messenger.carriedView = { parcels: 2, bytes: 12_000 };
    window.kith.messenger.keptView = { messages: 120, bytes: 85_000, isMore: false };
  });
  await page.getByRole("button", { name: "Settings" }).click();
  const storage = page.getByRole("region", { name: "Storage" });
  await expect(storage).toContainText("Of that, for others97 kB");
  await expect(storage).toContainText(
    "2 parcels, 12 kB, sealed, for contacts who are away; 120 messages, 85 kB, of groups",
  );
});

test("an admin chooses a picture, which is made small here and shown in place of the initials", async ({ kith }) => {
  const { page } = kith;
  await kith.open(LAKE);
  const pictures = page.locator("img.group-picture");
  let details = await openGroupDetails(page);
  await details.getByLabel("Choose picture").setInputFiles({
    name: "notes.svg",
    mimeType: "image/svg+xml",
    buffer: Buffer.from(
      "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>",
    ),
  });
  await expect(details.getByRole("alert")).toContainText("This file is no picture");
  const photo = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(1_600, 900);
    const context = canvas.getContext("2d");
    const sky = context?.createLinearGradient(0, 0, 0, 900);
    for (const [at, colour] of [
      ["0", "#7ec8f0"],
      ["0.5", "#d8ecf5"],
      ["0.51", "#2f6f9f"],
      ["1", "#0d3b5c"],
    ] as const)
      sky?.addColorStop(Number(at), colour);
    if (context !== null && sky !== undefined) context.fillStyle = sky;
    context?.fillRect(0, 0, 1_600, 900);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  await details.getByLabel("Choose picture").setInputFiles({
    name: "lake.png",
    mimeType: "image/png",
    buffer: Buffer.from(photo),
  });
  await expect(details.getByRole("button", { name: "Remove picture" })).toBeVisible();
  await expect(details.getByRole("alert")).toHaveCount(0);
  const stored = await page.evaluate(async (id) => {
    const picture = await window.kith.messenger.groups.picture(id as ThreadId);
    return picture?.type;
  }, LAKE_GROUP);
  expect(stored).toBe("image/webp");
  await expect(details.locator("img.group-picture")).toHaveAttribute("src", /^blob:/);
  await page.keyboard.press("Escape");
  await expect(page.locator(".log .change-line").last()).toContainText("You changed the picture");
  await page.setViewportSize(WIDE);
  await expect(pictures).toHaveCount(2);
  for (const picture of await pictures.all()) {
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(90);
  }
  details = await openGroupDetails(page);
  await details.getByRole("button", { name: "Remove picture" }).click();
  await expect(pictures).toHaveCount(0);
});

test("tells when members were last heard, and asks one who is no contact to become one", async ({ kith }) => {
  const { page } = kith;
  await kith.open(LAKE);
  const details = await openGroupDetails(page);
  const members = details.getByRole("list", { name: "Members" }).getByRole("listitem");
  await expect(members.filter({ hasText: "e0e0" })).toContainText(/Member · Last heard (Mon|Tue|Wed|Thu|Fri|Sat|Sun)/);
  await expect(members.filter({ hasText: "5e5e" })).toContainText("Online · Not your contact");
  await openMemberMenu(page, "Eva 5e5e");
  await page.getByRole("menuitem", { name: "Add as contact" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Eva" })).toBeVisible();
  await expect(page.getByText(/^Eva was asked to be your contact/)).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Message" })).toBeVisible();
});
