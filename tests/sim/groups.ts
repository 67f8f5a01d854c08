/** What is known of each group apart from the core, and what people do in groups besides writing. */
import type { AccountId, ThreadId } from "../../src/core/codec/ids.ts";
import type { GroupThreadView } from "../../src/core/views.ts";
import type { SimPerson } from "./person.ts";
import type { Room, SimWorld } from "./world.ts";

const CHANCES = { create: 0.08, add: 0.12, remove: 0.04, leave: 0.03, role: 0.12, rename: 0.06 } as const;
const MAX_FIRST_MEMBERS = 4;
const MAX_GROUPS = 4;

export interface KnownGroup {
  readonly thread: ThreadId;
  /** Everybody who ever was or may have become a member. */
  readonly ever: Set<AccountId>;
  /** Members since its creation of whom no change ever spoke: whatever is concurrent, they belong to it. */
  readonly steady: Set<AccountId>;
}

export class SimGroups {
  readonly #world: SimWorld;
  readonly #groups = new Map<ThreadId, KnownGroup>();

  constructor(world: SimWorld) {
    this.#world = world;
  }

  get all(): readonly KnownGroup[] {
    return [...this.#groups.values()];
  }

  /** The room of a group as somebody sees it. Who may read is the group's own set, which grows. */
  roomOf(thread: GroupThreadView): Room {
    const known = this.#known(thread.id);
    for (const { account } of thread.group.members) known.ever.add(account);
    const entitled = thread.group.members.map(({ account }) => account).filter((account) => known.steady.has(account));
    return { id: thread.id, readers: known.ever, entitled: new Set(entitled) };
  }

  /** Something that somebody may do about groups while the app is open. */
  act(person: SimPerson): void {
    const { chance } = this.#world;
    if (chance.is(CHANCES.create)) this.#create(person);
    person.act(async (messenger) => {
      const threads = await messenger.threads();
      const groups = threads.filter((thread) => thread.kind === "group" && thread.group.ownRole !== undefined);
      if (groups.length === 0) return;
      const group = chance.pick(groups);
      if (group.kind === "group") this.#change(person, group);
    });
  }

  #create(person: SimPerson): void {
    const world = this.#world;
    const { chance } = world;
    person.act(async (messenger) => {
      const threads = await messenger.threads();
      const contacts = threads.flatMap((thread) =>
        thread.kind === "direct" && thread.contact.isConfirmed ? [thread.contact.account] : [],
      );
      const isEnough = threads.filter(({ kind }) => kind === "group").length >= MAX_GROUPS;
      const own = person.profile.account;
      if (contacts.length === 0 || isEnough || own === undefined) return;
      const members = new Set<AccountId>();
      for (let count = chance.whole(1, MAX_FIRST_MEMBERS); count > 0; count -= 1) members.add(chance.pick(contacts));
      const made = await messenger.groups.create(`group of ${person.name}`, [...members]);
      world.note(person, `creates a group of ${members.size + 1}: ${made.kind}`);
      if (made.kind !== "created") return;
      const known = this.#known(made.thread);
      for (const account of [own, ...members]) {
        known.ever.add(account);
        known.steady.add(account);
      }
    });
  }

  #change(person: SimPerson, thread: GroupThreadView): void {
    const world = this.#world;
    const { chance } = world;
    const known = this.#known(thread.id);
    const others = thread.group.members.filter(({ isOwn }) => !isOwn);
    if (chance.is(CHANCES.rename)) {
      person.act(async ({ groups }) => void (await groups.rename(thread.id, `renamed by ${person.name}`)));
    }
    if (chance.is(CHANCES.leave) && person.profile.account !== undefined) {
      known.steady.delete(person.profile.account);
      world.note(person, "leaves a group");
      person.act(async ({ groups }) => void (await groups.leave(thread.id)));
    }
    if (others.length > 0 && chance.is(CHANCES.role)) {
      const { account, role } = chance.pick(others);
      person.act(
        async ({ groups }) => void (await groups.setRole(thread.id, account, role === "admin" ? "member" : "admin")),
      );
    }
    if (others.length > 0 && chance.is(CHANCES.remove)) {
      const { account } = chance.pick(others);
      known.steady.delete(account);
      world.note(person, "removes somebody from a group");
      person.act(async ({ groups }) => void (await groups.remove(thread.id, account)));
    }
    if (chance.is(CHANCES.add)) this.#add(person, thread, known);
  }

  #add(person: SimPerson, thread: GroupThreadView, known: KnownGroup): void {
    const { chance } = this.#world;
    person.act(async (messenger) => {
      const contacts = (await messenger.threads()).flatMap((one) =>
        one.kind === "direct" && one.contact.isConfirmed ? [one.contact.account] : [],
      );
      if (contacts.length === 0) return;
      const account = chance.pick(contacts);
      known.ever.add(account);
      const { kind } = await messenger.groups.add(thread.id, [account]);
      this.#world.note(person, `adds somebody to a group: ${kind}`);
    });
  }

  #known(thread: ThreadId): KnownGroup {
    let known = this.#groups.get(thread);
    if (known === undefined) {
      known = { thread, ever: new Set(), steady: new Set() };
      this.#groups.set(thread, known);
    }
    return known;
  }
}
