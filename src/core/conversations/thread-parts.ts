/** What rows of the list have in common, whether they are of a contact or a group. */
import type { AccountId, PeerKey } from "../codec/ids.ts";
import type { Release } from "../codec/release.ts";
import type { ThreadRow } from "../store/tables.ts";
import type { Path, PreviewView } from "../views.ts";
import type { CoreContext } from "./core-context.ts";

/** How peers are reached and when they were last heard, as the network tells. */
export interface Presence {
  pathOf(peer: PeerKey): Path;
  lastHeardOf(account: AccountId): number | undefined;
  /** What this peer said it runs, where it is another copy of the version that runs here. */
  differingCopyOf(peer: PeerKey): Release | undefined;
}

const BEST_FIRST: readonly Path["kind"][] = ["direct", "peer", "relay", "connecting", "away"];

/** The best way of all; away if there is none. */
export function best(paths: readonly Path[]): Path {
  return paths.reduce<Path>(
    (found, next) => (BEST_FIRST.indexOf(next.kind) < BEST_FIRST.indexOf(found.kind) ? next : found),
    { kind: "away" },
  );
}

export function previewOf(core: CoreContext, row: ThreadRow): PreviewView | undefined {
  const pending = core.directory.pending.get(row.id)?.last;
  if (pending !== undefined)
    return { text: pending.text.slice(0, 200), isOwn: true, at: pending.writtenAt, kind: "text" };
  if (row.preview === undefined) return undefined;
  const { text, isOwn, at, kind } = row.preview;
  return { text, isOwn, at, kind };
}
