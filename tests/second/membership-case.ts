/** The group of kith-membership.json: every change, concurrent removals, a back-dated operation, two names, pictures, unknown changes. */
import { fromHex, number, toHex } from "./bytes.ts";
import { membership } from "./membership.ts";
import { groupGenesisBytes, operationBytes, type SecondChange } from "./operation.ts";
import { sha256 } from "./primitives.ts";

const named = (name: string): string => toHex(sha256("kith/vectors", name, number(0, 1)));
const [alice, bob, carol, dave, erin] = ["alice", "bob", "carol", "dave", "erin"].map((name) =>
  named(`member ${name}`),
);
if (alice === undefined || bob === undefined || carol === undefined || dave === undefined || erin === undefined) {
  throw new Error("five people were expected");
}

const GENESIS = "genesis";
const idOf = (name: string): string => named(`operation ${name}`);
const device = named("a device").slice(0, 32);

const start = { device, seq: 7, id: named("a message") };
const adding = (account: string): SecondChange => ({
  kind: "add",
  account,
  bundle: named("a bundle"),
  relays: ["/dns4/relay.example/tcp/443/wss"],
  starts: [start],
});
const promoting = (account: string): SecondChange => ({ kind: "role", account, isAdmin: true });

/** Name, author, names of the parents, change. */
const STORY: readonly (readonly [string, string, readonly string[], SecondChange])[] = [
  ["add bob", alice, [GENESIS], { ...adding(bob), relays: [], starts: [] } as SecondChange],
  ["add carol", alice, ["add bob"], adding(carol)],
  ["promote bob", alice, ["add carol"], promoting(bob)],
  ["promote carol", alice, ["promote bob"], promoting(carol)],
  ["add dave", bob, ["promote carol"], adding(dave)],
  ["add erin", carol, ["promote carol"], adding(erin)],
  ["promote erin", alice, ["add dave", "add erin"], promoting(erin)],
  ["bob removes carol", bob, ["promote carol"], { kind: "remove", account: carol }],
  ["carol removes bob", carol, ["promote carol"], { kind: "remove", account: bob }],
  ["carol, late", carol, ["promote carol"], { kind: "rename", name: "Carol's" }],
  ["bob, late", bob, ["promote carol"], { kind: "rename", name: "Bob's" }],
  ["rename by bob", bob, ["add dave"], { kind: "rename", name: "Bob's Zoë" }],
  ["rename by alice", alice, ["add dave"], { kind: "rename", name: "Alice's" }],
  ["dave leaves", dave, ["add dave"], { kind: "leave" }],
  ["erin demoted", alice, ["promote erin"], { kind: "role", account: erin, isAdmin: false }],
  ["picture by bob", bob, ["rename by bob"], { kind: "picture", image: "ffd8ffd9" }],
  ["no picture, by carol", carol, ["promote carol"], { kind: "picture", image: "" }],
  ["picture by alice", alice, ["picture by bob"], { kind: "picture", image: "00" }],
  ["picture by bob, beside", bob, ["picture by bob"], { kind: "picture", image: "01" }],
  ["description of later", alice, ["rename by alice"], { kind: "unknown", type: 200, content: "0102" }],
  ["unknown", alice, ["erin demoted"], { kind: "unknown", type: 100, content: "0102" }],
  ["not complete", alice, ["missing"], { kind: "rename", name: "Never" }],
];

const founding = { id: idOf(GENESIS), founder: alice, name: "Choir é" };
const nonce = sha256("kith/vectors", "group nonce").slice(0, 16);
const operations = STORY.map(([name, author, parents, change]) => ({
  name,
  id: idOf(name),
  author,
  parents: parents.map(idOf).toSorted(),
  change,
}));

export const membershipCase = {
  genesisNonce: nonce,
  genesis: groupGenesisBytes(nonce, fromHex(alice), founding.name),
  founding,
  device,
  operations: operations.map(({ name, id, author, parents, change }) => ({
    name,
    id,
    author,
    body: operationBytes({ parents, change }),
  })),
  outcome: membership(founding, operations),
} as const;
