/**
 * Requests of those who come without a valid invite (PROTOCOL, Requests): kept in small number until the person decides. Nothing is said
 * to who waits, and nothing connects to them, before that.
 */
import { EMPTY_BYTES } from "../codec/bytes.ts";
import type { AccountId, PeerKey, ThreadId } from "../codec/ids.ts";
import type { RequestView } from "../people-views.ts";
import type { RequestRow } from "../store/people-tables.ts";
import { ADMISSION_TABLES, type Founding, hasRoom, putAdmitted, rememberAdmitted } from "./admission.ts";
import { readFounding } from "./claim.ts";
import type { CoreContext } from "./core-context.ts";
import { directThread } from "./directory.ts";
import { decodeRequest } from "./first-contact-codec.ts";
import { accountTag, NAMELESS, safeName } from "./names.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Waiting for a decision at once. */
const MAX_OPEN = 20;
/** New ones in a day, those deleted meanwhile included. */
const MAX_A_DAY = 20;
const KEEP_OPEN_MS = 30 * DAY_MS;
/** Who was deleted and asks again within this time is not shown again. */
const KEEP_DELETED_MS = 7 * DAY_MS;

/** A verified request, one per account: the newest replaces the one that waits. */
export async function keepRequest(
  core: CoreContext,
  from: { readonly founding: Founding; readonly peer: PeerKey; readonly relays: readonly string[] },
  payload: Uint8Array,
): Promise<"waiting" | "not-taken"> {
  const { directory, clock } = core;
  const now = clock.now();
  const { account, profile } = from.founding.bundle;
  const kept = await core.store.write(["requests"], "strict", async (tx) => {
    const rows = (await tx.range("requests", {})).map(({ value }) => value);
    const current = rows.filter((row) => now - row.askedAt <= (row.isDeleted ? KEEP_DELETED_MS : KEEP_OPEN_MS));
    for (const row of rows) if (!current.includes(row)) tx.delete("requests", [row.account]);
    const earlier = current.find((row) => row.account === account);
    if (earlier?.isDeleted === true) return { current, row: undefined, isTaken: true };
    const isFull =
      current.filter((row) => !row.isDeleted).length >= MAX_OPEN ||
      current.filter((row) => now - row.askedAt < DAY_MS).length >= MAX_A_DAY;
    if (earlier === undefined && isFull) return { current, row: undefined, isTaken: false };
    const row: RequestRow = {
      account,
      name: profile.name,
      peer: from.peer,
      relays: from.relays,
      payload,
      askedAt: earlier?.askedAt ?? now,
      isDeleted: false,
    };
    tx.put("requests", [account], row);
    return { current, row, isTaken: true };
  });
  directory.requests.clear();
  for (const row of kept.current) directory.requests.set(row.account, row);
  if (kept.row !== undefined) directory.requests.set(account, kept.row);
  core.requestsChanged();
  return kept.isTaken ? "waiting" : "not-taken";
}

/** Lets somebody in who asked. Undefined if the request is gone or there is no room. */
export async function acceptRequest(core: CoreContext, account: AccountId): Promise<ThreadId | undefined> {
  const row = core.directory.requests.get(account);
  if (row === undefined || row.isDeleted) return undefined;
  return admitRequest(core, readFounding(core, row.peer, decodeRequest(row.payload)), row.relays);
}

/** Stores the conversation somebody founded who was let in. */
export async function admitRequest(
  core: CoreContext,
  founding: Founding,
  relays: readonly string[],
): Promise<ThreadId | undefined> {
  if (!hasRoom(core, founding)) return undefined;
  const admitted = await core.store.write(ADMISSION_TABLES, "strict", (tx) => putAdmitted(core, tx, founding, relays));
  rememberAdmitted(core, admitted);
  return directThread(founding.bundle.account);
}

/** Takes a request away; asking again brings it back only after a week. */
export async function deleteRequest(core: CoreContext, account: AccountId): Promise<void> {
  const held = core.directory.requests.get(account);
  if (held === undefined) return;
  const row: RequestRow = { ...held, relays: [], payload: EMPTY_BYTES, askedAt: core.clock.now(), isDeleted: true };
  await core.store.write(["requests"], "strict", async (tx) => tx.put("requests", [account], row));
  core.directory.requests.set(account, row);
  core.requestsChanged();
}

/** Those that wait for a decision: of who was let in on another way while it was being kept there may be one. */
export function requestViews({ directory, clock }: CoreContext): readonly RequestView[] {
  return [...directory.requests.values()]
    .filter((row) => !row.isDeleted && clock.now() - row.askedAt <= KEEP_OPEN_MS && !directory.blocked.has(row.account))
    .filter((row) => directory.contacts.get(row.account)?.isConfirmed !== true)
    .map(({ account, name, askedAt }) => ({
      id: account,
      account,
      name: safeName(name) || NAMELESS,
      tag: accountTag(account),
      askedAt,
    }));
}
