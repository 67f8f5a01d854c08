/** A group's changes as lines between its messages. */
import { CONTROL_KIND, type EntryHeader } from "../codec/entry.ts";
import type { AccountId, ConversationId, EntryId } from "../codec/ids.ts";
import type { Change } from "../membership/operation.ts";
import type { GroupChangeRow } from "../store/group-tables.ts";
import type { TimelineRow } from "../store/tables.ts";
import type { CoreContext } from "./core-context.ts";
import { type GroupState, operationOf } from "./memberships.ts";
import { timelineRow } from "./timeline.ts";

/** What is told of a change; nothing of one that changes nothing, or is of a later version. */
export function changeRow(before: GroupState | undefined, change: Change): GroupChangeRow | undefined {
  switch (change.kind) {
    case "add":
      return { kind: "added", subject: change.account };
    case "remove":
      return { kind: "removed", subject: change.account };
    case "role": {
      const isPromotion = change.role === "admin";
      if (before?.membership.members.get(change.account)?.role === change.role) return undefined;
      return { kind: isPromotion ? "promoted" : "demoted", subject: change.account };
    }
    case "leave":
      return { kind: "left" };
    case "rename":
      return { kind: "renamed", name: change.name };
    case "picture":
      return { kind: "pictured" };
    default:
      return undefined;
  }
}

/** What is told of a control entry as it is opened. */
export function changeOf(
  state: GroupState,
  {
    header,
    id,
    body,
    author,
  }: { readonly header: EntryHeader; readonly id: EntryId; readonly body: Uint8Array; readonly author: AccountId },
): GroupChangeRow | undefined {
  if (header.kind === CONTROL_KIND.genesis) return { kind: "created", name: state.genesis.name };
  if (header.kind !== CONTROL_KIND.member) return undefined;
  const operation = operationOf(id, { author, device: header.device, body });
  return operation === undefined || state.membership.isVoid(id) ? undefined : changeRow(undefined, operation.change);
}

export function changeTimelineRow(
  core: CoreContext,
  told: {
    readonly conversation: ConversationId;
    readonly id: EntryId;
    readonly header: EntryHeader;
    readonly author: AccountId;
    readonly change: GroupChangeRow;
  },
): TimelineRow {
  const { conversation, id, header, author, change } = told;
  const row = timelineRow({
    id,
    conversation,
    author,
    device: header.device,
    seq: header.seq,
    kind: "change",
    text: "",
    writtenAt: undefined,
    clock: header.clock,
    now: core.clock.now(),
    isLate: false,
  });
  return { ...row, change };
}
