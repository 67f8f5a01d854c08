/** What people do in groups, by what is on their screens. */
import { expect, type Locator } from "@playwright/test";
import type { Person } from "./person.ts";

export const MEETING_LIMIT_MS = 60_000;

/** Makes a group of contacts and opens it. */
export async function createGroup(founder: Person, name: string, others: readonly Person[]): Promise<void> {
  const { page } = founder;
  await page.getByRole("button", { name: "New conversation" }).click();
  await page.getByRole("button", { name: "Create group" }).click();
  const dialog = page.getByRole("dialog", { name: "Create group" });
  await dialog.getByRole("textbox", { name: "Group name" }).fill(name);
  for (const other of others) await dialog.getByRole("checkbox", { name: other.name }).check();
  await dialog.getByRole("button", { name: "Create", exact: true }).click();
  await expect(groupHeading(founder, name)).toBeVisible();
}

export async function enterGroup(person: Person, name: string): Promise<void> {
  await person.page
    .getByRole("navigation", { name: "Conversations" })
    .getByRole("link", { name: new RegExp(`^${name}`) })
    .click({ timeout: MEETING_LIMIT_MS });
  await expect(groupHeading(person, name)).toBeVisible();
}

export function groupHeading({ page }: Person, name: string): Locator {
  return page.getByRole("heading", { level: 2, name });
}

export async function changeRole(admin: Person, member: Person, to: "Make admin" | "Make member"): Promise<void> {
  const { page } = admin;
  await inDetails(admin, async (details) => {
    await details.getByRole("button", { name: `Actions for ${member.name}` }).click({ timeout: MEETING_LIMIT_MS });
    await page.getByRole("menuitem", { name: to }).click();
    const row = details.getByRole("list", { name: "Members" }).getByRole("listitem").filter({ hasText: member.name });
    await expect(row).toContainText(to === "Make admin" ? "Admin" : "Member");
  });
}

export async function renameGroup(admin: Person, name: string): Promise<void> {
  await inDetails(admin, async (details) => {
    await details.getByRole("textbox", { name: "Group name" }).fill(name);
    await admin.page.keyboard.press("Enter");
    await expect(groupHeading(admin, name)).toBeAttached();
  });
}

/** "NAME: Admin" or "NAME: Member" of everybody in the group, sorted. */
export async function membersShown(person: Person): Promise<readonly string[]> {
  return inDetails(person, async (details) => {
    const rows = await details.getByRole("list", { name: "Members" }).getByRole("listitem").all();
    const members = await Promise.all(
      rows.map(async (row) => {
        const name = await row.locator(".person-name").innerText();
        const role = /Admin|Member/.exec(await row.locator("p").innerText())?.[0];
        return `${name}: ${role}`;
      }),
    );
    return members.toSorted();
  });
}

async function inDetails<Result>(person: Person, work: (details: Locator) => Promise<Result>): Promise<Result> {
  await person.page.getByRole("button", { name: "Details" }).click();
  const details = person.page.getByRole("dialog", { name: "Details" });
  await expect(details).toBeVisible();
  const result = await work(details);
  await person.page.keyboard.press("Escape");
  await expect(details).toBeHidden();
  return result;
}
