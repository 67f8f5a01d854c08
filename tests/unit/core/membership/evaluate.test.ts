/** Worked examples of PROTOCOL, Membership: who is in after what. Alice is the founder. */
import { describe, expect, test } from "vitest";
import type { Change } from "../../../../src/core/membership/operation.ts";
import {
  accountOf,
  add,
  demote,
  GENESIS,
  GroupHistory,
  idOf,
  LEAVE,
  promote,
  remove,
  rename,
  UNKNOWN,
} from "../../../support/group-history.ts";

/** Bob and Carol are admins, Bob the senior; Dave is a member. */
function choir(): GroupHistory {
  return new GroupHistory()
    .write("1", "alice", add("bob"))
    .write("2", "alice", add("carol"))
    .write("3", "alice", add("dave"))
    .write("4", "alice", promote("bob"))
    .write("5", "alice", promote("carol"));
}
const ALL = { alice: "admin", bob: "admin", carol: "admin", dave: "member" };

describe("authority", () => {
  test("the founder is alone at first, and an admin", () => {
    const group = new GroupHistory();
    expect(group.members()).toEqual({ alice: "admin" });
    expect(group.now()).toMatchObject({ name: "Choir", heads: [GENESIS], isFrozen: false });
    expect(group.now().members.get(accountOf("alice"))?.addedBy).toBe(GENESIS);
  });

  test("admins add, promote and rename", () => {
    const group = choir().write("6", "bob", add("erin")).write("7", "carol", rename("Quartet"));
    expect(group.members()).toEqual({ ...ALL, erin: "member" });
    expect(group.now().name).toBe("Quartet");
    expect(group.now().members.get(accountOf("erin"))?.addedBy).toBe(idOf("6"));
    expect(group.now().addsByAccount.get(accountOf("dave"))).toEqual([idOf("3")]);
  });

  test("what members and strangers do to others has no effect", () => {
    const group = choir()
      .write("6", "dave", add("mallory"))
      .write("7", "dave", promote("dave"))
      .write("8", "mallory", remove("bob"))
      .write("9", "dave", rename("Mine"));
    expect(group.members()).toEqual(ALL);
    expect(group.now().name).toBe("Choir");
    expect(group.voided()).toEqual(["6", "7", "8", "9"]);
  });

  test("nobody is promoted who was not added", () => {
    expect(choir().write("6", "alice", promote("mallory")).members()).toEqual(ALL);
  });

  test("an account removes and demotes only who is junior to it", () => {
    const group = choir()
      .write("6", "carol", remove("bob"))
      .write("7", "carol", demote("bob"))
      .write("8", "bob", remove("alice"))
      .write("9", "bob", remove("bob"));
    expect(group.members()).toEqual(ALL);
    expect(group.write("a", "bob", demote("carol")).members()).toEqual({ ...ALL, carol: "member" });
    expect(group.write("b", "bob", remove("carol")).members()).toEqual({
      alice: "admin",
      bob: "admin",
      dave: "member",
    });
  });

  test("who was promoted by a junior is junior, whatever the ids", () => {
    const group = choir().write("6", "bob", add("erin")).write("0", "bob", promote("erin"));
    expect(group.write("7", "erin", remove("carol")).members()).toEqual({ ...ALL, erin: "admin" });
  });

  test("a plain member is junior to every admin, also one of the founder's", () => {
    const group = choir().write("6", "carol", promote("dave")).write("7", "carol", demote("dave"));
    expect(group.write("8", "carol", remove("dave")).members()).toEqual({
      alice: "admin",
      bob: "admin",
      carol: "admin",
    });
  });
});

describe("at the same time", () => {
  test("of two who remove each other the senior stays", () => {
    const group = choir().write("7", "bob", remove("carol"), ["5"]).write("6", "carol", remove("bob"), ["5"]);
    expect(group.members()).toEqual({ alice: "admin", bob: "admin", dave: "member" });
    expect(group.voided()).toEqual(["6"]);
  });

  test("a removal voids what the removed account did meanwhile, and all that rests on it", () => {
    const group = choir()
      .write("6", "carol", add("erin"), ["5"])
      .write("7", "carol", promote("erin"), ["6"])
      .write("8", "erin", add("frank"), ["7"])
      .write("9", "alice", remove("carol"), ["5"]);
    expect(group.members()).toEqual({ alice: "admin", bob: "admin", dave: "member" });
    expect(group.voided()).toEqual(["6", "7", "8"]);
  });

  test("what was done before a removal, and seen by it, stays", () => {
    const group = choir().write("6", "carol", add("erin")).write("7", "alice", remove("carol"));
    expect(group.members()).toEqual({ alice: "admin", bob: "admin", dave: "member", erin: "member" });
  });

  test("a demotion wins over a promotion", () => {
    const group = choir().write("6", "carol", promote("dave"), ["5"]).write("7", "bob", demote("dave"), ["5"]);
    expect(group.members()).toEqual(ALL);
    expect(group.write("8", "bob", promote("dave"), ["6", "7"]).members()).toEqual({ ...ALL, dave: "admin" });
  });

  test("a removal wins over an addition", () => {
    const group = choir().write("6", "bob", remove("dave"), ["5"]).write("7", "carol", add("dave"), ["5"]);
    expect(group.members()).toEqual({ alice: "admin", bob: "admin", carol: "admin" });
  });

  test("leaving and being removed are one absence, and both count", () => {
    const group = choir().write("6", "dave", LEAVE, ["5"]).write("7", "carol", remove("dave"), ["5"]);
    expect(group.members()).toEqual({ alice: "admin", bob: "admin", carol: "admin" });
    expect(group.voided()).toEqual([]);
    expect(group.write("8", "carol", add("dave"), ["6"]).members()).not.toHaveProperty("dave");
    expect(group.write("9", "carol", add("dave"), ["6", "7"]).members()).toEqual(ALL);
  });

  test("a senior's promotion keeps a member whose addition is void", () => {
    const group = choir()
      .write("6", "carol", add("erin"), ["5"])
      .write("7", "alice", promote("erin"), ["6"])
      .write("8", "bob", remove("carol"), ["5"]);
    expect(group.voided()).toEqual(["6"]);
    expect(group.members()).toEqual({ alice: "admin", bob: "admin", dave: "member", erin: "admin" });
    expect(group.now().members.get(accountOf("erin"))?.addedBy).toBe(idOf("7"));
    expect(group.now().addsByAccount.get(accountOf("erin"))).toEqual([idOf("6")]);
  });

  test("of several names the most senior author's counts, then the smallest id", () => {
    const group = choir().write("8", "carol", rename("C"), ["5"]).write("7", "bob", rename("B"), ["5"]);
    expect(group.now().name).toBe("B");
    expect(group.write("9", "bob", rename("Other"), ["5"]).now().name).toBe("B");
    expect(group.write("a", "carol", rename("Last"), ["7", "8", "9"]).now().name).toBe("Last");
    expect(group.write("b", "alice", remove("carol"), ["7", "8", "9"]).now().name).toBe("B");
  });
});

describe("mallory, once an admin", () => {
  /** Mallory was promoted before Bob. */
  const betrayed = (): GroupHistory =>
    new GroupHistory()
      .write("1", "alice", add("mallory"))
      .write("2", "alice", add("bob"))
      .write("9", "alice", promote("mallory"))
      .write("3", "alice", promote("bob"));

  test("gains nothing after her removal by operations that seem older", () => {
    const group = betrayed().write("4", "bob", remove("mallory"));
    for (const [id, change] of [
      ["5", add("mallory")],
      ["6", promote("mallory")],
      ["7", remove("bob")],
      ["8", add("trudy")],
      ["a", rename("Hers")],
    ] as const) {
      group.write(id, "mallory", change, ["9"]);
    }
    expect(group.members()).toEqual({ alice: "admin", bob: "admin" });
    expect(group.now().name).toBe("Choir");
    expect(group.voided()).toEqual(["5", "6", "7", "8", "a"]);
  });

  test("takes nothing back after her removal by a leaving that seems older", () => {
    const group = betrayed().write("4", "mallory", add("carol")).write("5", "bob", remove("mallory"));
    group.write("6", "mallory", LEAVE, ["9"]);
    expect(group.members()).toEqual({ alice: "admin", bob: "admin", carol: "member" });
  });

  test("gets rid of no senior by going back to before his promotion", () => {
    const group = betrayed().write("4", "mallory", remove("bob"), ["9"]);
    expect(group.members()).toEqual({ alice: "admin", bob: "admin", mallory: "admin" });
  });

  test("is an admin again only by a promotion that saw her removal", () => {
    const group = betrayed().write("4", "bob", remove("mallory")).write("5", "bob", add("mallory"));
    expect(group.members()).toEqual({ alice: "admin", bob: "admin", mallory: "member" });
    expect(group.write("6", "mallory", rename("Hers")).voided()).toEqual(["6"]);
    group.write("7", "bob", promote("mallory")).write("8", "mallory", rename("Ours"));
    expect(group.now().name).toBe("Ours");
    expect(group.voided()).toEqual(["6"]);
  });
});

describe("leaving", () => {
  test("anyone may, and is back when added by who saw it", () => {
    const group = choir().write("6", "dave", LEAVE);
    expect(group.members()).toEqual({ alice: "admin", bob: "admin", carol: "admin" });
    expect(group.now().everMembers.has(accountOf("dave"))).toBe(true);
    expect(group.write("7", "bob", add("dave")).members()).toEqual(ALL);
    expect(group.now().addsByAccount.get(accountOf("dave"))).toEqual([idOf("7")]);
  });

  test("the founder too, and the most senior admin goes on", () => {
    const group = choir()
      .write("6", "alice", LEAVE)
      .write("7", "bob", remove("carol"))
      .write("8", "alice", add("erin"));
    expect(group.members()).toEqual({ bob: "admin", dave: "member" });
    expect(group.voided()).toEqual(["8"]);
    group.write("9", "bob", add("alice"));
    expect(group.members()).toEqual({ alice: "member", bob: "admin", dave: "member" });
    expect(group.write("a", "bob", remove("alice")).members()).toEqual({ bob: "admin", dave: "member" });
  });

  test("a stranger's leaving has no effect", () => {
    expect(choir().write("6", "mallory", LEAVE).voided()).toEqual(["6"]);
  });
});

describe("what is not here or not known", () => {
  test("operations wait for their ancestors", () => {
    const whole = choir().write("6", "bob", add("erin"));
    const late = new GroupHistory();
    late.operations.push(...whole.operations.filter(({ id }) => id !== idOf("4")));
    expect(late.members()).toEqual({ alice: "admin", bob: "member", carol: "member", dave: "member" });
    expect(late.now().heads).toEqual([idOf("3")]);
    late.operations.push(...whole.operations.filter(({ id }) => id === idOf("4")));
    expect(late.members()).toEqual(whole.members());
  });

  test("operations that name each other, or nothing, are never complete", () => {
    const group = choir()
      .write("6", "bob", add("erin"), ["7"])
      .write("7", "bob", add("frank"), ["6"])
      .write("8", "alice", add("grace"), []);
    expect(group.members()).toEqual(ALL);
    expect(group.voided()).toEqual([]);
  });

  test("an admin's unknown change freezes the group until that admin is gone", () => {
    const group = choir().write("6", "carol", UNKNOWN);
    expect(group.now().isFrozen).toBe(true);
    expect([...group.now().frozenBy]).toEqual([accountOf("carol")]);
    expect(group.members()).toEqual(ALL);
    expect(group.write("7", "bob", remove("carol")).now().isFrozen).toBe(false);
  });

  test("what a later version only says of the group freezes nothing, and is built on", () => {
    const group = choir().write("6", "carol", { kind: "unknown", type: 128 + 71, bytes: Uint8Array.of(1) });
    expect(group.now().isFrozen).toBe(false);
    expect(group.now().heads).toEqual([idOf("6")]);
  });

  test("a member's unknown change freezes nothing", () => {
    expect(choir().write("6", "dave", UNKNOWN).now().isFrozen).toBe(false);
  });
});

describe("the picture", () => {
  const picture = (...bytes: readonly number[]): Change => ({ kind: "picture", image: Uint8Array.from(bytes) });

  test("is an admin's, and of two beside each other the senior's", () => {
    const group = choir().write("6", "dave", picture(1));
    expect(group.now().picture).toBeUndefined();
    group.write("7", "bob", picture(2), ["5"]).write("8", "alice", picture(3), ["5"]);
    expect(group.now().picture).toBe(idOf("8"));
    expect(group.write("9", "bob", picture()).now().picture).toBe(idOf("9"));
  });

  test("stays when its author is removed by somebody who saw it, and goes with one who did not", () => {
    const group = choir().write("6", "bob", picture(1)).write("7", "alice", remove("bob"));
    expect(group.now().picture).toBe(idOf("6"));
    const beside = choir().write("6", "bob", picture(1), ["5"]).write("7", "alice", remove("bob"), ["5"]);
    expect(beside.now().picture).toBeUndefined();
  });
});

describe("heads", () => {
  test("are what counts and nobody has built on, sorted", () => {
    const group = choir().write("8", "bob", add("erin"), ["5"]).write("6", "carol", add("frank"), ["5"]);
    expect(group.now().heads).toEqual([idOf("6"), idOf("8")]);
    expect(group.write("7", "dave", add("mallory"), ["6", "8"]).now().heads).toEqual([idOf("6"), idOf("8")]);
  });

  test("are 32 at most, and no junior crowds out a senior", () => {
    const group = choir();
    for (let index = 0; index < 40; index += 1) {
      group.write(`0${String.fromCharCode(48 + index)}`, "carol", rename(`name ${index}`), ["5"]);
    }
    group.write("z", "alice", add("erin"), ["5"]);
    expect(group.now().heads).toHaveLength(32);
    expect(group.now().heads).toContain(idOf("z"));
    expect(group.now().heads).toEqual(group.now().heads.toSorted());
  });
});

test("a group of 500 members and 5,000 operations is told whole", () => {
  const group = new GroupHistory();
  const size = 5000;
  for (let index = 0; index < size; index += 1) {
    const id = `o${index}`;
    const parents = [index === 0 ? "genesis" : `o${index - 1}`];
    const name = `p${index % 500}`;
    const author = index >= 1000 ? `p${(index * 7) % 500}` : "alice";
    group.write(id, author, index < 500 ? add(name) : index < 1000 ? promote(name) : rename(`name ${index}`), parents);
  }
  const { members, heads, name, voided } = group.now();
  expect(members.size).toBe(501);
  expect([...members.values()].every(({ role }) => role === "admin")).toBe(true);
  expect({ heads, name, voided: voided.size }).toEqual({ heads: [idOf("o4999")], name: "name 4999", voided: 0 });
});
