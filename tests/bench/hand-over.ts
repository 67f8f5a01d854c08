/**
 * A backlog of a group handed over by a third member, against the same handed over by its author: by turns, in the same three browsers. It is
 * written once the absence of who returns was noticed; both others have all of it then, and only one of them is there. From the first link
 * to the last message on the screen. Members who are no contacts of each other stay behind a relay, so both kinds are measured: a third
 * member who is a contact of who returns, as the author is, and one who is not.
 */
import type { Page } from "@playwright/test";
import type { Person } from "../support/person.ts";
import type { World } from "../support/world.ts";
import { lastOnScreen } from "./backlog.ts";
import { type CoreServer, startCoreServer } from "./core-server.ts";
import { type Figure, format, summarise, type Summary } from "./statistics.ts";
import { watchWrites, writeTimes } from "./watched-writes.ts";

const GROUP = "Backlog";
const MESSAGE_BYTES = 200;
const TIMEOUT_MS = 240_000;
const MEETING_MS = 60_000;

export interface HandOver {
  readonly messages: number;
  /** Whether the third member and who returns are contacts, so linked directly as the author is. */
  readonly isContact: boolean;
  readonly authorMs: Summary;
  readonly memberMs: Summary;
  /** Of each round: the member's ÷ the author's. */
  readonly ratio: Summary;
  /** The same until the last was on disk. */
  readonly diskRatio: Summary;
}

interface Turn {
  readonly onScreenMs: number;
  readonly onDiskMs: number;
}

export async function measureHandOver(
  world: World,
  { rounds, messages, isContact }: { readonly rounds: number } & Pick<HandOver, "messages" | "isContact">,
): Promise<HandOver> {
  const server = await startCoreServer(world.relay.address);
  const people: Person[] = [];
  try {
    const [author, member] = [await world.person("Author"), await world.person("Member")];
    people.push(author, member);
    for (const person of [author, member]) await online(person, server);
    const link = async (): Promise<string> => (await author.page.evaluate(() => window.kithCore?.invite())) ?? "";
    await member.page.evaluate((invite) => window.kithCore?.accept(invite), await link());
    const reader = await world.person("Reader", { scripts: [watchWrites, watchMembers] });
    people.push(reader);
    const invite = await link();
    await reader.open(`${world.app.url}${invite.slice(invite.indexOf("#"))}`);
    await reader.start();
    await reader.send("I am here");
    await reader.expectState("I am here", /Delivered|Read/, MEETING_MS);
    if (isContact) {
      const readers = await reader.createInvite();
      await member.page.evaluate((link) => window.kithCore?.accept(link), readers);
    }
    await author.page.evaluate((name) => window.kithCore?.createGroup(name), GROUP);
    await reader.page
      .getByRole("navigation", { name: "Conversations" })
      .getByRole("link", { name: new RegExp(`^${GROUP}`) })
      .click({ timeout: MEETING_MS });
    await reader.connection.filter({ hasText: "3 of 3 online" }).waitFor({ timeout: MEETING_MS });

    let written = 0;
    const turn = async (giver: Person, other: Person): Promise<Turn> => {
      await reader.closeBrowser();
      await write(author.page, member.page, written, messages);
      written += messages;
      await other.page.goto("about:blank");
      const result = await returnAndRead(reader, written - 1);
      await online(other, server);
      await giver.page.evaluate(() => window.kithCore?.group("Backlog"));
      return result;
    };
    const rows: { author: Turn; member: Turn }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // Who goes first changes, since the history grows.
      if (round % 2 === 0) {
        const ofAuthor = await turn(author, member);
        rows.push({ author: ofAuthor, member: await turn(member, author) });
      } else {
        const ofMember = await turn(member, author);
        rows.push({ author: await turn(author, member), member: ofMember });
      }
    }
    return {
      messages,
      isContact,
      authorMs: summarise(rows.map((row) => row.author.onScreenMs)),
      memberMs: summarise(rows.map((row) => row.member.onScreenMs)),
      ratio: summarise(rows.map((row) => row.member.onScreenMs / row.author.onScreenMs)),
      diskRatio: summarise(rows.map((row) => row.member.onDiskMs / row.author.onDiskMs)),
    };
  } finally {
    for (const person of people) await person.closeBrowser();
    await server.close();
  }
}

export function handOverRows({
  messages,
  isContact,
  authorMs,
  memberMs,
  ratio,
  diskRatio,
}: HandOver): readonly Figure[] {
  return [
    [`${messages} messages of a group from their author, link up to the last on screen`, format(authorMs, "ms", 0)],
    [`the same from a third member, ${isContact ? "a contact" : "no contact, so relayed"}`, format(memberMs, "ms", 0)],
    [
      `third member ÷ author, aim ≤ 1.2; until the last was on disk`,
      `${format(ratio, "×", 2)}; ${format(diskRatio, "×", 2)}`,
    ],
  ];
}

async function online(person: Person, server: CoreServer): Promise<void> {
  await person.page.goto(server.url);
  await person.page.waitForFunction(() => window.kithCore !== undefined, undefined, { timeout: TIMEOUT_MS });
  await person.page.evaluate((name) => window.kithCore?.start(name), person.name);
}

/** Resolves when both have all of it. */
async function write(author: Page, member: Page, from: number, count: number): Promise<void> {
  const last = `message ${from + count - 1} `;
  await author.evaluate(
    async ({ name, first, messages, bytes }) => {
      const core = window.kithCore;
      const thread = await core?.group(name);
      if (core === undefined || thread === undefined) throw new Error("no group");
      // What is sealed while somebody seems to be there is sent to them, and carried for them a little later.
      await core.untilOnline(thread, 2);
      await core.write(thread, first, messages, bytes);
    },
    { name: GROUP, first: from, messages: count, bytes: MESSAGE_BYTES },
  );
  await member.evaluate(
    async ({ name, text }) => {
      const core = window.kithCore;
      const thread = await core?.group(name);
      if (core === undefined || thread === undefined) throw new Error("no group");
      await core.untilNewest(thread, text);
    },
    { name: GROUP, text: last },
  );
}

async function returnAndRead(reader: Person, last: number): Promise<Turn> {
  await reader.returnToBrowser();
  const onScreenMs = await lastOnScreen(reader.page, last);
  const { onDiskMs } = await writeTimes(reader.page);
  const linkMs = await reader.page.evaluate(() => window.kithLinkMs ?? Number.NaN);
  return { onScreenMs: onScreenMs - linkMs, onDiskMs: onDiskMs - linkMs };
}

/** To run in a page before its own scripts: notes when the screen first says that another member is online. */
function watchMembers(): void {
  new MutationObserver((_changes, observer) => {
    const connection = document.querySelector('[role=status][aria-label="Connection"]')?.textContent ?? "";
    if (!/^[2-9] of \d+ online/.test(connection)) return;
    window.kithLinkMs = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true, characterData: true });
}
