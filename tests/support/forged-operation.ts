/** Operations of a group that no honest app would write, put into the log of somebody whose app is closed. */
import { CONTROL_CHANNEL, CONTROL_KIND, encodeHeader } from "../../src/core/codec/entry.ts";
import type { ConversationId, DeviceId, EntryId } from "../../src/core/codec/ids.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import { APPEND_TABLES, appendEntry } from "../../src/core/log/append.ts";
import { ENTRY_DOMAIN, type EntryParts } from "../../src/core/log/entry.ts";
import { type Change, encodeOperation } from "../../src/core/membership/operation.ts";
import type { CorePerson, CoreWorld } from "./core-world.ts";

/** The only group of this person. */
export async function onlyGroup(
  person: CorePerson,
): Promise<{ readonly id: ConversationId; readonly genesis: EntryId }> {
  const rows = await person.store.read(["conversations"], (tx) => tx.range("conversations", {}));
  const group = rows.find(({ value }) => value.kind === "group")?.value;
  if (group?.genesis === undefined) throw new Error(`${person.name} is in no group`);
  return { id: group.id, genesis: group.genesis.id };
}

/** All operations that this person knows. */
export async function knownOperations(person: CorePerson): Promise<readonly EntryId[]> {
  const rows = await person.store.read(["operations"], (tx) => tx.range("operations", {}));
  return rows.map(({ key }) => String(key[1]) as EntryId);
}

/** Signs a change, or whatever else is to be a control entry about members. */
export async function forge(
  world: CoreWorld,
  person: CorePerson,
  parents: readonly EntryId[],
  change: Change | Uint8Array,
): Promise<void> {
  const { id: conversation } = await onlyGroup(person);
  const self = await person.identity();
  const content = change instanceof Uint8Array ? change : encodeOperation({ parents: parents.toSorted(), change });
  const draft = { conversation, channel: CONTROL_CHANNEL, kind: CONTROL_KIND.member, content };
  const nowMs = world.clock.now() + person.skewMs;
  await person.store.write(APPEND_TABLES, "strict", (tx) => appendEntry(tx, world.suite, nowMs, self, draft));
}

/** An operation that is signed, and in no log. */
export function looseOperation(
  suite: Suite,
  logSeed: Uint8Array,
  place: { readonly conversation: ConversationId; readonly device: DeviceId; readonly seq: number },
  content: Uint8Array,
): EntryParts {
  const header = encodeHeader({
    ...place,
    suite: suite.id,
    channel: CONTROL_CHANNEL,
    previous: "ee".repeat(32) as EntryId,
    clock: "0".repeat(16),
    dependencies: [],
    kind: CONTROL_KIND.member,
    epoch: 0,
    generation: 0,
    commitment: suite.hash(content),
    bodyLength: content.length,
    bodyHash: suite.hash(content),
  });
  return { header, signature: suite.sign(logSeed, ENTRY_DOMAIN, header), body: content };
}
