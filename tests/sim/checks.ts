/** What must hold of every profile: at any time, and once everybody was online together for long enough. */
import type { DeliveryState, ThreadId, ThreadView } from "../../src/core/views.ts";
import { deliveryState } from "../../src/core/views.ts";
import { checkQuotas, unsettledParcels } from "./courier-checks.ts";
import { isForgetful, isForgottenLetter, mayRepeat } from "./forks.ts";
import { unsettledGroups } from "./group-checks.ts";
import { markIn, type Written } from "./ledger.ts";
import type { SimPerson } from "./person.ts";
import type { Profile, ShownRow } from "./profile.ts";
import type { SimWorld } from "./world.ts";

const PAGE = 500;
const MAX_LINE = 240;
/** Secrets that a conversation may keep: the newest, and those superseded in the last 7 days that somebody may still seal to. */
const MAX_KEMS = 8;

/** Of every profile that is still there: nothing doubled, nothing foreign, nothing that was taken back; no state that claims what is not so. */
export async function checkNow(world: SimWorld): Promise<void> {
  for (const person of world.people) {
    const { profile } = person;
    if (profile.account === undefined) continue;
    const threads = await profile.store.read(["threads"], (tx) => tx.range("threads", {}));
    for (const { key } of threads) {
      checkRows(world, profile, await profile.timeline(String(key[0]) as ThreadId));
    }
    person.act(async (messenger) => {
      for (const thread of await messenger.threads()) await checkStates(world, person, thread, false);
    });
  }
  await checkQuotas(world);
  if (hasReuse(world.suite)) world.fail("one key and nonce were to encrypt two things");
}

function hasReuse(suite: object): boolean {
  return "nonceReuses" in suite && suite.nonceReuses !== 0;
}

function checkRows(world: SimWorld, profile: Profile, rows: readonly ShownRow[]): void {
  const counted = new Set<number>();
  for (const { row } of rows) {
    const marked = markIn(row.text);
    if (row.kind === "broken") world.fail(`${profile.name} has a broken message of seq ${row.seq}`);
    if (marked === undefined) continue;
    const written = world.ledger.of(marked);
    const name = `message ${marked.index} at ${profile.name}`;
    const isOfGroup = written.room === String(row.conversation);
    if (profile.account === undefined || !written.readers.has(profile.account)) world.fail(`${name} is not for them`);
    if (written.author !== row.author) world.fail(`${name} has another author`);
    if (isForgottenLetter(world, row)) continue;
    if (counted.has(marked.index) && !(isOfGroup && mayRepeat(world, written.author))) world.fail(`${name} is doubled`);
    counted.add(marked.index);
    if (written.fate === "cancelled") world.fail(`${name} was cancelled`);
    if (!written.versions.includes(marked.version))
      world.fail(`${name} has text ${marked.version}, which was replaced`);
  }
}

/** Own messages of a thread: what is said of them is so. In the end, all must be said of them. */
async function checkStates(world: SimWorld, person: SimPerson, thread: ThreadView, isEnd: boolean): Promise<string[]> {
  const { messenger, profile } = person;
  if (messenger === undefined) return [];
  const missing: string[] = [];
  const { messages, receipts } = await messenger.messages(thread.id, { at: "newest", limit: PAGE });
  for (const message of messages) {
    const marked = markIn(message.text);
    if (marked === undefined || !message.isOwn) continue;
    const written = world.ledger.of(marked);
    const state = deliveryState(message, receipts);
    const others = [...written.readers].filter((account) => account !== profile.account);
    const profiles = others.flatMap((account) => world.profileOf(account) ?? []);
    const seen = profiles.filter((other) => other.seen.has(marked.index)).length;
    const read = profiles.filter((other) => other.read.has(marked.index)).length;
    const claimed = claimedBy(state, others.length);
    const name = `message ${marked.index} of ${profile.name}`;
    if (thread.kind === "group") {
      // How many it is for follows from the membership at that entry; a newcomer whom two have added states what is before their history, too.
      const strangers = others.filter((account) => !written.entitled.has(account)).length;
      if (claimed > seen + strangers && state.includes(" of "))
        world.fail(`${name} is said to be ${state}, but ${seen} have it`);
      continue;
    }
    if (claimed > seen) world.fail(`${name} is said to be ${state}, but ${seen} have it`);
    if (state === "read" && read < others.length) world.fail(`${name} is said to be read, but ${read} have read it`);
    if (isEnd && state !== "read") missing.push(`${name} is ${state} in the end`);
  }
  return missing;
}

/** What is still amiss when everybody is online: empty once all has settled. */
export async function unsettled(world: SimWorld): Promise<readonly string[]> {
  const amiss: string[] = [];
  for (const [a, b] of world.acquaintances.pairs()) amiss.push(...(await unsettledPair(world, a, b)));
  amiss.push(...(await unsettledGroups(world)));
  amiss.push(...(await unsettledParcels(world)));
  for (const person of world.people) amiss.push(...(await unsettledStore(world, person)));
  return amiss;
}

async function unsettledPair(world: SimWorld, a: SimPerson, b: SimPerson): Promise<readonly string[]> {
  const names = `${a.profile.name} and ${b.profile.name}`;
  const [threadA, threadB] = [await threadWith(a, b.profile), await threadWith(b, a.profile)];
  if (threadA === undefined || threadB === undefined) return [`${names} do not know each other`];
  const room = world.roomOf(a.profile, threadA);
  if (room === undefined) return [`${names} share nothing`];
  const [rowsA, rowsB] = [await entriesIn(world, a, threadA.id), await entriesIn(world, b, threadB.id)];
  const amiss: string[] = [];
  for (const [person, thread] of [
    [a, threadA],
    [b, threadB],
  ] as const) {
    if (thread.kind === "direct" && !thread.contact.isConfirmed)
      amiss.push(`${names}: not confirmed at ${person.name}`);
    // What was written for an old copy's keys, and forgotten by its author's old copy, nobody has any more: it waits for good.
    const canWaitForGood = a.profile.hasGoneBack || b.profile.hasGoneBack;
    if (thread.waiting > 0 && !canWaitForGood) amiss.push(`${names}: ${thread.waiting} of ${person.name} wait`);
    amiss.push(...(await checkStates(world, person, thread, true)));
  }
  const [shownA, shownB] = [rowsA.map(lineOf), rowsB.map(lineOf)];
  const differs = shownA.findIndex((line, index) => line !== shownB[index]);
  if (shownA.length !== shownB.length || differs >= 0) {
    const [lineA, lineB] = [shownA[differs] ?? "nothing", shownB[differs] ?? "nothing"];
    amiss.push(
      `${names}: timelines of ${shownA.length} and ${shownB.length} rows differ at ${differs}: ${lineA.slice(0, MAX_LINE)} | ${lineB.slice(0, MAX_LINE)}`,
    );
  }
  const written = world.ledger.all.filter((message) => message.room === room.id);
  amiss.push(...missing(written, rowsA, a.profile), ...missing(written, rowsB, b.profile));
  amiss.push(...disorder(world, written, rowsA, a.profile));
  return amiss;
}

async function entriesIn(world: SimWorld, { profile }: SimPerson, thread: ThreadId): Promise<readonly ShownRow[]> {
  return (await profile.timeline(thread)).filter(({ row }) => !isForgottenLetter(world, row));
}

function missing(written: readonly Written[], rows: readonly ShownRow[], profile: Profile): readonly string[] {
  const held = new Set(rows.flatMap(({ row }) => markIn(row.text)?.index ?? []));
  return written
    .filter(({ fate, index }) => fate === "certain" && !held.has(index))
    .map(({ index }) => `message ${index} is missing at ${profile.name}`);
}

/** What was written after something was seen stands behind it. */
function disorder(
  world: SimWorld,
  written: readonly Written[],
  rows: readonly ShownRow[],
  profile: Profile,
): readonly string[] {
  const placeByIndex = new Map<number, number>();
  for (const [place, { row }] of rows.entries()) {
    const marked = markIn(row.text);
    if (marked !== undefined) placeByIndex.set(marked.index, place);
  }
  return written.flatMap(({ index, after }) => {
    const place = placeByIndex.get(index);
    const before = after === undefined ? undefined : placeByIndex.get(after);
    if (after === undefined || place === undefined || before === undefined || before < place) return [];
    // An old copy does not know which of its messages have left as letters, and states no place for them.
    if (isForgetful(world, written.find((other) => other.index === after)?.author)) return [];
    return [`message ${index} stands before ${after}, which its author had seen, at ${profile.name}`];
  });
}

/** What is kept for those who are still there goes once they have it. */
async function unsettledStore(world: SimWorld, { profile }: SimPerson): Promise<readonly string[]> {
  const { outbox, envelopes, kems, conversations } = await profile.store.read(
    ["outbox", "envelopes", "kems", "conversations"],
    async (tx) => ({
      outbox: await tx.range("outbox", {}),
      envelopes: await tx.range("envelopes", {}),
      kems: await tx.range("kems", {}),
      conversations: await tx.range("conversations", {}),
    }),
  );
  const living = conversations.filter(
    ({ value }) =>
      value.kind === "direct" &&
      value.members.every((account) => {
        const member = world.profileOf(account);
        return member?.isLost === false && !member.hasGoneBack;
      }),
  );
  const amiss: string[] = [];
  for (const { value } of living) {
    const { id, thread } = value;
    const counts = {
      "messages of the outbox": outbox.filter(({ key }) => key[0] === thread).length,
      envelopes: envelopes.filter(({ key }) => key[0] === id).length,
      "secrets too many": Math.max(0, kems.filter(({ key }) => key[0] === id).length - MAX_KEMS),
    };
    for (const [what, count] of Object.entries(counts)) {
      if (count > 0) amiss.push(`${count} ${what} are left at ${profile.name} in ${id.slice(0, 8)}`);
    }
  }
  return amiss;
}

function lineOf({ order, row }: ShownRow): string {
  return `${order} ${row.author} ${row.kind} ${row.text}`;
}

async function threadWith(person: SimPerson, other: Profile): Promise<ThreadView | undefined> {
  const threads = (await person.messenger?.threads()) ?? [];
  return threads.find((thread) => thread.kind === "direct" && thread.contact.account === other.account);
}

/** How many are said to have it. Who carries a message cannot open it, and is not one of those it is for. */
function claimedBy(state: DeliveryState, recipients: number): number {
  if (state === "waiting" || state.startsWith("carried by ")) return 0;
  return state.includes(" of ") ? Number.parseInt(state, 10) : recipients;
}
