/** What groups have this device keep for members who have not opened it yet, as their clocks say. */
import { MESSAGE_CHANNEL } from "../codec/entry.ts";
import type { AccountId, ConversationId, DeviceId } from "../codec/ids.ts";
import { markOf } from "../log/log-marks.ts";
import type { KeptView } from "../views.ts";
import type { CoreContext } from "./core-context.ts";

/** Entries that are looked at: somebody who never comes keeps whole histories unopened. */
const MAX_COUNTED = 2_000;

/** A piece of a log that somebody has not opened. */
interface Piece {
  readonly conversation: ConversationId;
  readonly device: DeviceId;
  readonly from: number;
}

export async function keptForOthers(core: CoreContext): Promise<KeptView> {
  const pieces = [...core.directory.conversations.values()].flatMap(({ id, kind, members }) =>
    kind === "group" && core.directory.isIn(id) ? unopenedPieces(core, id, members) : [],
  );
  return core.store.read(["entries"], async (tx) => {
    let messages = 0;
    let bytes = 0;
    for (const { conversation, device, from } of pieces) {
      const prefix = [conversation, device, MESSAGE_CHANNEL];
      const limit = MAX_COUNTED - messages + 1;
      const rows = await tx.range("entries", { prefix, from: [...prefix, from], limit });
      for (const { value } of rows.slice(0, limit - 1)) {
        messages += 1;
        bytes += value.header.length + value.signature.length + value.body.length;
      }
      if (rows.length === limit) return { messages, bytes, isMore: true };
    }
    return { messages, bytes, isMore: false };
  });
}

function unopenedPieces(core: CoreContext, conversation: ConversationId, members: readonly AccountId[]): Piece[] {
  const { directory, memberships, receipts } = core;
  const own = directory.self;
  return (receipts.clockOf(conversation, own.device)?.marks ?? []).flatMap((mark): Piece[] => {
    const { device, channel } = mark;
    if (channel !== MESSAGE_CHANNEL || directory.isOwnDevice(device)) return [];
    const author = directory.accountOfDevice(device);
    const others = members.filter((member) => member !== own.account && member !== author);
    const reached = others.map((account) =>
      Math.max(memberships.startOf(conversation, account, device), openedBy(core, conversation, account, device)),
    );
    const from = Math.min(...reached, mark.height) + 1;
    return from > mark.height ? [] : [{ conversation, device, from }];
  });
}

/** One device of theirs is enough. */
function openedBy(
  { directory, receipts }: CoreContext,
  conversation: ConversationId,
  account: AccountId,
  log: DeviceId,
): number {
  const opened = [...receipts.clocksOf(conversation)]
    .filter(([device]) => directory.accountOfDevice(device) === account)
    .map(([, { marks }]) => markOf(marks, log, MESSAGE_CHANNEL)?.opened ?? 0);
  return Math.max(0, ...opened);
}
