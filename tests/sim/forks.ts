/**
 * What an old copy of a profile can do in a group, since whoever it meets first need not hold what it forgot: write a second entry of one
 * number, or once more what waited in the copy. Both are allowed to it and to nobody else, and counted.
 */
import type { AccountId, ThreadId } from "../../src/core/codec/ids.ts";
import { isLetter } from "../../src/core/conversations/letter-rows.ts";
import type { TimelineRow } from "../../src/core/store/tables.ts";
import type { SimWorld } from "./world.ts";

/** Whether two profiles hold different entries of one number in this group. Fails for one of a device that never went back. */
export async function isForked(world: SimWorld, group: ThreadId): Promise<boolean> {
  const idByPlace = new Map<string, string>();
  const forked = new Set<string>();
  for (const { profile } of world.people) {
    const rows = await profile.store.read(["entries"], (tx) => tx.range("entries", { prefix: [group] }));
    for (const { key, value } of rows) {
      const place = key.slice(1).join("/");
      const held = idByPlace.get(place);
      if (held === undefined) idByPlace.set(place, value.id);
      else if (held !== value.id) forked.add(String(key[1]));
    }
  }
  const profiles = [...world.profiles];
  for (const device of forked) {
    if (!profiles.some((profile) => profile.hasGoneBack && profile.devices.has(device)))
      world.fail(`group ${group.slice(0, 8)} is forked by a device that never went back`);
  }
  return forked.size > 0;
}

/** Whether what this account wrote in a group may be there twice. */
export function mayRepeat(world: SimWorld, author: AccountId): boolean {
  return world.profileOf(author)?.hasGoneBack === true;
}

/** Whether this is an early copy of a message that its author may have forgotten since, or changed as it was in an old copy: it stays as it came. */
export function isForgottenLetter(world: SimWorld, row: TimelineRow): boolean {
  return isLetter(row) && isForgetful(world, row.author);
}

export function isForgetful(world: SimWorld, author: AccountId | undefined): boolean {
  const profile = author === undefined ? undefined : world.profileOf(author);
  return profile === undefined || profile.isLost || profile.hasGoneBack;
}
