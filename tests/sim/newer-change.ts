/** A change of a group that only a build of tomorrow knows: it freezes the group, alike for all, and nothing else. */
import { CONTROL_CHANNEL, CONTROL_KIND } from "../../src/core/codec/entry.ts";
import { textToBytes } from "../../src/core/codec/bytes.ts";
import type { EntryId } from "../../src/core/codec/ids.ts";
import { founded, grown, operationOf } from "../../src/core/conversations/memberships.ts";
import { orderOf } from "../../src/core/conversations/timeline.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import { APPEND_TABLES, appendEntry } from "../../src/core/log/append.ts";
import { encodeOperation } from "../../src/core/membership/operation.ts";
import type { Chance } from "./chance.ts";
import type { Profile } from "./profile.ts";

const UNKNOWN_CHANGE = 99;

/** Puts one into a group of a closed profile. False if its owner is an admin nowhere. */
export async function writeUnknownChange(
  profile: Profile,
  suite: Suite,
  nowMs: number,
  chance: Chance,
): Promise<boolean> {
  const identity = await profile.identity();
  if (identity === undefined) return false;
  const { rows, operations } = await profile.store.read(["conversations", "operations"], async (tx) => ({
    rows: await tx.range("conversations", {}),
    operations: await tx.range("operations", {}),
  }));
  const groups = rows.flatMap(({ value }) => {
    if (value.kind !== "group") return [];
    const own = operations.filter(({ key }) => key[0] === value.id);
    const held = own.map(({ key, value: row }) => operationOf(String(key[1]) as EntryId, row));
    const { membership } = grown(founded(value), held);
    const isAdmin = membership.members.get(identity.account)?.role === "admin";
    return isAdmin ? [{ conversation: value.id, parents: membership.heads }] : [];
  });
  if (groups.length === 0) return false;
  const { conversation, parents } = chance.pick(groups);
  const change = { kind: "unknown", type: UNKNOWN_CHANGE, bytes: textToBytes("of tomorrow") } as const;
  const content = encodeOperation({ parents, change });
  await profile.store.write(["operations", ...APPEND_TABLES], "strict", async (tx) => {
    const draft = { conversation, channel: CONTROL_CHANNEL, kind: CONTROL_KIND.member, content };
    const { id } = await appendEntry(tx, suite, nowMs, identity, draft, orderOf);
    tx.put("operations", [conversation, id], { author: identity.account, device: identity.device, body: content });
  });
  return true;
}
