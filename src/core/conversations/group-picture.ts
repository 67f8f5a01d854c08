/** The picture of a group as its members last agreed, read from the operation that brought it. */
import type { ConversationId } from "../codec/ids.ts";
import type { PictureView } from "../views.ts";
import { decodeOperation } from "../membership/operation.ts";
import { pictureType } from "../membership/picture.ts";
import type { CoreContext } from "./core-context.ts";
import type { GroupState } from "./memberships.ts";

/** Changes with the picture; undefined where there is none. */
export function pictureId({ membership, operations }: GroupState): string | undefined {
  const change = membership.picture === undefined ? undefined : operations.get(membership.picture)?.change;
  return change?.kind === "picture" && change.image === "stored" ? membership.picture : undefined;
}

/** Undefined for none, and for bytes that are no picture. */
export async function readPicture(core: CoreContext, conversation: ConversationId): Promise<PictureView | undefined> {
  const state = core.memberships.of(conversation);
  const id = state === undefined ? undefined : pictureId(state);
  if (id === undefined) return undefined;
  const row = await core.store.read(["operations"], (tx) => tx.get("operations", [conversation, id]));
  const change = row === undefined ? undefined : decodeOperation(row.body).change;
  if (change?.kind !== "picture" || change.image === "stored") return undefined;
  const type = pictureType(change.image);
  return type === undefined ? undefined : { type, bytes: change.image };
}
