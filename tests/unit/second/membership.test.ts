/** The frozen group: its bytes as both implementations write them, and who is in it. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bytesToHex } from "../../../src/core/codec/bytes.ts";
import type { AccountId, DeviceId, EntryId } from "../../../src/core/codec/ids.ts";
import { evaluate, type GroupFounding } from "../../../src/core/membership/evaluate.ts";
import { decodeGenesis, encodeGenesis } from "../../../src/core/membership/genesis.ts";
import { decodeOperation, encodeOperation } from "../../../src/core/membership/operation.ts";
import { operationBytes, readOperation } from "../../second/operation.ts";
import type { membershipCase } from "../../second/membership-case.ts";
import type { Hexed } from "../../support/hexed.ts";
import { fromHex } from "../../support/published-vectors.ts";

const frozen = JSON.parse(
  readFileSync(new URL("../../vectors/kith-membership.json", import.meta.url), "utf8"),
) as Hexed<typeof membershipCase>;
const founding = frozen.founding as GroupFounding;

test("the genesis of a group", () => {
  const genesis = {
    kind: "group" as const,
    nonce: fromHex(frozen.genesisNonce),
    founder: founding.founder,
    name: founding.name,
  };
  expect(bytesToHex(encodeGenesis(genesis))).toBe(frozen.genesis);
  expect(decodeGenesis(fromHex(frozen.genesis))).toEqual(genesis);
});

test.each(frozen.operations)("the body of '$name'", ({ body }) => {
  const bytes = fromHex(body);
  expect(bytesToHex(encodeOperation(decodeOperation(bytes)))).toBe(body);
  expect(bytesToHex(operationBytes(readOperation(bytes)))).toBe(body);
  const { parents, change } = decodeOperation(bytes);
  const second = readOperation(bytes);
  expect(parents).toEqual(second.parents);
  expect(change.kind).toBe(second.change.kind);
});

test("who is in the group", () => {
  const operations = frozen.operations.map(({ id, author, body }) => ({
    id: id as EntryId,
    author: author as AccountId,
    device: frozen.device as DeviceId,
    ...decodeOperation(fromHex(body)),
  }));
  const group = evaluate(founding, operations);
  const members = [...group.members].map(
    ([account, { role }]) =>
      [account, { isAdmin: role === "admin", adds: group.addsByAccount.get(account) ?? [] }] as const,
  );
  expect({
    members: Object.fromEntries(members),
    name: group.name,
    picture: group.picture ?? null,
    heads: group.heads,
    voided: [...group.voided].toSorted(),
    isFrozen: group.isFrozen,
  }).toEqual(frozen.outcome);
});
