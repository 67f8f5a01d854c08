/** Bodies of operations: one encoding, and nothing beyond its limits. */
import { describe, expect, test } from "vitest";
import { DecodeError } from "../../../../src/core/codec/decode-error.ts";
import { MAX_BODY_BYTES } from "../../../../src/core/codec/entry.ts";
import type { DeviceId } from "../../../../src/core/codec/ids.ts";
import { decodeGenesis, encodeGenesis } from "../../../../src/core/membership/genesis.ts";
import {
  type AddChange,
  type Change,
  decodeOperation,
  encodeOperation,
} from "../../../../src/core/membership/operation.ts";
import { accountOf, demote, idOf, LEAVE, promote, remove, rename, UNKNOWN } from "../../../support/group-history.ts";
import { tampered } from "../../../support/tampered.ts";

const parents = [idOf("1"), idOf("2")];
const ALICE_DEVICE = "0a".repeat(16) as DeviceId;
const BOB_DEVICE = "0b".repeat(16) as DeviceId;
const start = { device: ALICE_DEVICE, seq: 7, id: idOf("7") };
const adding: AddChange = {
  kind: "add",
  account: accountOf("dave"),
  bundle: Uint8Array.of(1, 2, 3),
  relays: ["/dns4/relay.example/tcp/443/wss", "/memory/b"],
  starts: [start, { device: BOB_DEVICE, seq: 1, id: idOf("1") }],
};
const bodyOf = (change: Change): Uint8Array => encodeOperation({ parents, change });
const PARENTS_END = 2 + 2 * 32;

describe.each<Change>([
  adding,
  { ...adding, relays: [], starts: [] },
  remove("dave"),
  promote("dave"),
  demote("dave"),
  LEAVE,
  rename("Zoë's 🦉"),
  { kind: "picture", image: Uint8Array.of(0xff, 0xd8) },
  { kind: "picture", image: new Uint8Array(0) },
  UNKNOWN,
])("a change of kind $kind", (change) => {
  test("is read as it was written", () => {
    expect(decodeOperation(bodyOf(change))).toEqual({ parents, change });
  });

  test("with a bit turned, cut, extended or moved is refused or is another operation", () => {
    const body = bodyOf(change);
    for (const { name, bytes } of tampered(body)) {
      try {
        const read = decodeOperation(bytes);
        expect(read, name).not.toEqual({ parents, change });
        expect(encodeOperation(read), name).toEqual(bytes);
      } catch (error) {
        expect(error, name).toBeInstanceOf(DecodeError);
      }
    }
  });
});

describe("refused", () => {
  const many = (count: number): AddChange["starts"] =>
    Array.from({ length: count }, (_, index) => ({
      ...start,
      device: (index + 1).toString(16).padStart(32, "0") as DeviceId,
    }));

  test.each<readonly [string, Change]>([
    ["starts out of order", { ...adding, starts: adding.starts.toReversed() }],
    ["two starts of one device", { ...adding, starts: [start, start] }],
    ["a start at seq 0", { ...adding, starts: [{ ...start, seq: 0 }] }],
    ["257 starts", { ...adding, starts: many(257) }],
    ["three relays", { ...adding, relays: ["a", "b", "c"] }],
    ["a relay of 256 bytes", { ...adding, relays: ["x".repeat(256)] }],
    ["a bundle that leaves no room", { ...adding, bundle: new Uint8Array(1024), starts: many(256) }],
    ["no name", rename("")],
    ["a name of 97 bytes", rename("x".repeat(97))],
    ["a known type, said to be unknown", { kind: "unknown", type: 4, bytes: new Uint8Array(0) }],
    ["a picture that is too large", { kind: "picture", image: new Uint8Array(8_193) }],
    ["a picture that is elsewhere", { kind: "picture", image: "stored" }],
    ["an unknown change too long for an entry", { kind: "unknown", type: 9, bytes: new Uint8Array(MAX_BODY_BYTES) }],
  ])("%s", (_, change) => {
    expect(() => bodyOf(change)).toThrow(DecodeError);
  });

  test.each([
    ["no parents", []],
    ["parents out of order", parents.toReversed()],
    ["a parent twice", [idOf("1"), idOf("1")]],
    ["33 parents", Array.from({ length: 33 }, (_, index) => idOf(String.fromCharCode(48 + index)))],
  ])("%s", (_, wrong) => {
    expect(() => encodeOperation({ parents: wrong, change: LEAVE })).toThrow(DecodeError);
  });

  test.each([
    ["another version", 0, 2],
    ["a parent count that takes the change along", 1, 3],
    ["a role that is none", PARENTS_END + 1 + 32, 2],
  ])("%s", (_, at, value) => {
    const body = bodyOf(promote("dave"));
    body[at] = value;
    expect(() => decodeOperation(body)).toThrow(DecodeError);
  });

  test("a name that is no UTF-8", () => {
    const body = bodyOf(rename("ab"));
    body[body.length - 1] = 0xff;
    expect(() => decodeOperation(body)).toThrow(DecodeError);
  });
});

test("what fits an entry is taken: 256 starts, 32 parents, a name of 96 bytes", () => {
  const starts = Array.from({ length: 256 }, (_, index) => ({
    ...start,
    device: (index + 1).toString(16).padStart(32, "0") as DeviceId,
  }));
  expect(decodeOperation(bodyOf({ ...adding, starts })).change).toEqual({ ...adding, starts });
  const most = Array.from({ length: 32 }, (_, index) => idOf(String.fromCharCode(48 + index)));
  expect(decodeOperation(encodeOperation({ parents: most, change: LEAVE })).parents).toEqual(most);
  expect(decodeOperation(bodyOf(rename("x".repeat(96)))).change).toEqual(rename("x".repeat(96)));
});

describe("a group's genesis", () => {
  const genesis = {
    kind: "group",
    nonce: new Uint8Array(16).fill(3),
    founder: accountOf("alice"),
    name: "Choir",
  } as const;

  test("is read as it was written, and never as a direct conversation's", () => {
    expect(decodeGenesis(encodeGenesis(genesis))).toEqual(genesis);
    const changed = encodeGenesis(genesis);
    changed[1] = 1;
    expect(() => decodeGenesis(changed)).toThrow(DecodeError);
  });

  test.each(["", "x".repeat(97)])("is refused with the name %o", (name) => {
    expect(() => encodeGenesis({ ...genesis, name })).toThrow(DecodeError);
  });

  test.each([0, 3])("is refused with kind %i", (kind) => {
    const changed = encodeGenesis(genesis);
    changed[1] = kind;
    expect(() => decodeGenesis(changed)).toThrow(DecodeError);
  });
});
