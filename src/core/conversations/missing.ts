/**
 * What is known to exist and is not here: members' signed clocks say how far they have each log. What they say is theirs: it is counted
 * up to a bound, and nobody is asked for anything because of it.
 */
import { MESSAGE_CHANNEL } from "../codec/entry.ts";
import type { AccountId, ConversationId, DeviceId, ThreadId } from "../codec/ids.ts";
import { markOf } from "../log/log-marks.ts";
import type { MissingView } from "../views.ts";
import type { CoreContext } from "./core-context.ts";
import { isLinked } from "./group-thread-view.ts";
import { shownNameOf } from "./shown-names.ts";
import type { Presence } from "./thread-parts.ts";

/** Beyond, a number says nothing more. */
const MAX_COUNTED = 1_000;

/** How far one account says to have one log. */
interface Stated {
  readonly account: AccountId;
  readonly height: number;
}

export function missingIn(core: CoreContext, presence: Presence, thread: ThreadId): readonly MissingView[] {
  const { directory } = core;
  const views = new Map<AccountId, MissingView>();
  for (const { id, members } of directory.conversationsOf(thread)) {
    if (!directory.isIn(id)) continue;
    for (const [device, stated] of statedHeights(core, id, members)) {
      const author = directory.accountOfDevice(device);
      if (author === undefined || directory.isOwnDevice(device)) continue;
      const view = missingOf(core, presence, id, { author, device, isAuthorIn: members.includes(author) }, stated);
      if (view.away > 0 || view.locked > 0) views.set(author, joined(views.get(author), view));
    }
  }
  return [...views.values()].toSorted((a, b) => b.away - a.away || b.locked - a.locked);
}

/** Per message log what each other member says, own height included for logs that nobody else names. */
function statedHeights(
  { directory, receipts }: CoreContext,
  conversation: ConversationId,
  members: readonly AccountId[],
): ReadonlyMap<DeviceId, readonly Stated[]> {
  const stated = new Map<DeviceId, Stated[]>();
  for (const [device, { marks }] of receipts.clocksOf(conversation)) {
    const account = directory.accountOfDevice(device);
    if (account === undefined || !members.includes(account)) continue;
    for (const mark of marks) {
      if (mark.channel !== MESSAGE_CHANNEL) continue;
      const all = stated.get(mark.device) ?? [];
      stated.set(mark.device, all);
      all.push({ account, height: mark.height });
    }
  }
  return stated;
}

function missingOf(
  core: CoreContext,
  presence: Presence,
  conversation: ConversationId,
  log: { readonly author: AccountId; readonly device: DeviceId; readonly isAuthorIn: boolean },
  stated: readonly Stated[],
): MissingView {
  const { directory, memberships, receipts } = core;
  const own = directory.self;
  const mark = markOf(receipts.clockOf(conversation, own.device)?.marks ?? [], log.device, MESSAGE_CHANNEL);
  const held = Math.max(mark?.height ?? 0, memberships.startOf(conversation, own.account, log.device));
  const known = Math.max(held, ...stated.map(({ height }) => height));
  const away = known - held;
  const having = away === 0 ? [] : stated.filter(({ account, height }) => height === known && account !== own.account);
  const accounts = [...new Set(having.map(({ account }) => account))].filter((account) => account !== log.author);
  const isHere = (account: AccountId): boolean => isLinked(core, presence, account);
  const bringers = log.isAuthorIn ? [log.author, ...accounts] : accounts;
  return {
    author: shownNameOf(core, log.author),
    away: Math.min(MAX_COUNTED, away),
    locked: mark === undefined ? 0 : mark.height - mark.opened,
    holders: accounts
      .toSorted((a, b) => Number(isHere(b)) - Number(isHere(a)))
      .map((account) => shownNameOf(core, account)),
    isAuthorIn: log.isAuthorIn,
    isComing: away > 0 && bringers.some(isHere),
  };
}

/** Of an author with several devices. */
function joined(one: MissingView | undefined, other: MissingView): MissingView {
  if (one === undefined) return other;
  return {
    ...other,
    away: Math.min(MAX_COUNTED, one.away + other.away),
    locked: one.locked + other.locked,
    holders: one.away === 0 ? other.holders : other.away === 0 ? one.holders : both(one.holders, other.holders),
    isComing: one.isComing || other.isComing,
  };
}

function both(some: readonly string[], others: readonly string[]): readonly string[] {
  return some.filter((name) => others.includes(name));
}
