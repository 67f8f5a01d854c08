/** What must hold of groups once everybody was online together for long enough. */
import type { AccountId } from "../../src/core/codec/ids.ts";
import { isForked } from "./forks.ts";
import type { KnownGroup } from "./groups.ts";
import { markIn } from "./ledger.ts";
import { differsByLateWords } from "./late-words.ts";
import type { SimPerson } from "./person.ts";
import type { SimWorld } from "./world.ts";

/** Letters of the rank, which an order begins with. */
const ORDER_RANK = 16;

interface View {
  readonly person: SimPerson;
  readonly name: string;
  readonly account: AccountId;
  readonly accounts: ReadonlySet<AccountId>;
  readonly members: string;
  /** Texts in order, those of steady members alone. */
  readonly lines: readonly string[];
  readonly held: ReadonlySet<number>;
}

/** What is still amiss; empty once all has settled. */
export async function unsettledGroups(world: SimWorld): Promise<readonly string[]> {
  const amiss: string[] = [];
  let forks = 0;
  world.reordered.clear();
  for (const group of world.groups.all) {
    if (await isForked(world, group.thread)) forks += 1;
    else amiss.push(...(await unsettledGroup(world, group)));
  }
  world.forks = forks;
  return amiss;
}

async function unsettledGroup(world: SimWorld, group: KnownGroup): Promise<readonly string[]> {
  const name = `group ${group.thread.slice(0, 8)}`;
  const amiss: string[] = [];
  const views: View[] = [];
  for (const person of world.people) {
    const { account } = person.profile;
    if (account === undefined || !group.steady.has(account)) continue;
    const view = await viewOf(group, person, account);
    // Groups are heard of from members who are contacts; once those have left, nobody may tell.
    if (view === undefined && (await canHear(world, group, account)))
      amiss.push(`${name} is not known at ${person.name}`);
    // Who is alone in a group writes for nobody.
    const isWhole = view?.members.includes(",") === true && (await knowsDevices(world, group, person));
    if (view !== undefined && isWhole) views.push(view);
  }
  const [first] = views;
  if (first === undefined) return amiss;
  for (const view of views) {
    if (view.members !== first.members) {
      amiss.push(`${name} has other members at ${view.name} than at ${first.name}: ${view.members} | ${first.members}`);
    }
    const differs = view.lines.findIndex((line, index) => line !== first.lines[index]);
    const isSame = differs < 0 && view.lines.length === first.lines.length;
    if (!isSame && (await isOnlyLate(world, group, view, first))) world.reordered.add(group.thread);
    else if (!isSame) {
      amiss.push(
        `${name} differs at line ${differs} at ${view.name} (${view.lines.length}) and ${first.name} (${first.lines.length})`,
      );
    }
  }
  amiss.push(...(await unsettledNewcomers(world, group, first)));
  const inside = await membersInside(world, group);
  for (const written of world.ledger.all) {
    const author = world.profileOf(written.author);
    if (written.room !== group.thread || written.fate !== "certain") continue;
    if (author === undefined || author.isLost || !group.steady.has(written.author)) continue;
    // It waits until somebody is there who can take it.
    const hasTaker = [...inside].some((account) => account !== written.author);
    if (!hasTaker && (await author.waiting()).has(written.index)) continue;
    for (const view of views) {
      const isFor = written.entitled.has(view.account) || view.account === written.author;
      if (isFor && !view.held.has(written.index))
        amiss.push(`message ${written.index} of ${name} is missing at ${view.name}`);
    }
  }
  return amiss;
}

/** The same messages, in an order that follows from a former member's late words. */
async function isOnlyLate(world: SimWorld, group: KnownGroup, one: View, other: View): Promise<boolean> {
  const [here, there] = [one, other].map(({ lines }) => lines.map((line) => line.slice(ORDER_RANK)).toSorted());
  if (here?.join("\n") !== there?.join("\n")) return false;
  return await differsByLateWords(world, group.thread, [one.person, other.person], one.accounts);
}

/** Whoever else is a member by now has heard of it, and knows the same members. */
async function unsettledNewcomers(world: SimWorld, group: KnownGroup, steady: View): Promise<readonly string[]> {
  const amiss: string[] = [];
  for (const person of world.people) {
    const { account } = person.profile;
    if (account === undefined || group.steady.has(account) || !steady.accounts.has(account)) continue;
    const view = await viewOf(group, person, account);
    const name = `group ${group.thread.slice(0, 8)}`;
    if (view === undefined) {
      if (await canHear(world, group, account)) amiss.push(`${name} is not known at ${person.name}, who was added`);
    } else if (view.members !== steady.members && (await knowsDevices(world, group, person))) {
      amiss.push(
        `${name} has other members at ${view.name} than at ${steady.name}: ${view.members} | ${steady.members}`,
      );
    }
  }
  return amiss;
}

/** A device that took another's place is told of by its account to contacts; to whom it is strange, what it wrote is lost. */
export async function knowsDevices(world: SimWorld, group: KnownGroup, person: SimPerson): Promise<boolean> {
  const rows = await person.profile.store.read(["devices"], (tx) => tx.range("devices", {}));
  const known = new Set(
    rows.flatMap(({ value }) => [...value.devices, ...(value.former ?? [])].map(({ device }) => device as string)),
  );
  return [...group.steady].every((account) =>
    [...(world.profileOf(account)?.devices ?? [])].every((device) => known.has(device)),
  );
}

/** Those who know the group and that they belong to it, whether they are there or not. */
export async function membersInside(world: SimWorld, group: KnownGroup): Promise<ReadonlySet<AccountId>> {
  const inside = new Set<AccountId>();
  for (const { profile } of world.people) {
    const { account } = profile;
    const rows = await profile.store.read(["conversations"], (tx) => tx.range("conversations", {}));
    const row = rows.find(({ value }) => value.thread === group.thread)?.value;
    if (account !== undefined && row?.members.includes(account) === true) inside.add(account);
  }
  return inside;
}

async function canHear(world: SimWorld, group: KnownGroup, account: AccountId): Promise<boolean> {
  for (const person of world.people) {
    const thread = (await person.messenger?.threads())?.find(({ id }) => id === group.thread);
    if (thread?.kind !== "group" || thread.group.ownRole === undefined) continue;
    if (thread.group.members.some((member) => member.account === account && member.isContact)) return true;
  }
  return false;
}

async function viewOf(group: KnownGroup, person: SimPerson, account: AccountId): Promise<View | undefined> {
  const thread = (await person.messenger?.threads())?.find(({ id }) => id === group.thread);
  if (thread?.kind !== "group") return undefined;
  const rows = await person.profile.timeline(group.thread);
  const marked = rows.flatMap(({ row }) => markIn(row.text) ?? []);
  return {
    person,
    name: person.name,
    account,
    accounts: new Set(thread.group.members.map((member) => member.account)),
    members: thread.group.members
      .map((member) => `${member.account.slice(0, 6)} ${member.role}`)
      .toSorted()
      .join(", "),
    lines: rows
      .filter(({ row }) => group.steady.has(row.author) && row.kind === "text")
      .map(({ order, row }) => `${order} ${row.text}`),
    held: new Set(marked.map(({ index }) => index)),
  };
}
