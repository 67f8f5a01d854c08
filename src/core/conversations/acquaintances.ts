/** What is known of people of common groups who are no contacts. */
import type { AccountId } from "../codec/ids.ts";
import type { AcquaintanceRow } from "../store/group-tables.ts";
import { compareLists } from "./contact-trust.ts";
import { type Bundle, deviceListRow } from "./bundle.ts";
import type { CoreContext } from "./core-context.ts";
import { replacingList } from "./former-devices.ts";

export async function changeAcquaintance(
  core: CoreContext,
  account: AccountId,
  change: Partial<Omit<AcquaintanceRow, "account">>,
): Promise<void> {
  const next = await core.store.write(["acquaintances"], "relaxed", async (tx) => {
    const held = await tx.get("acquaintances", [account]);
    if (held === undefined) return undefined;
    const row = { ...held, ...change };
    tx.put("acquaintances", [account], row);
    return row;
  });
  if (next !== undefined) core.directory.acquaintances.set(account, next);
}

/** What their bundle changes here. Whether it did. @throws DecodeError for a list that takes over somebody else's device. */
export async function updateAcquaintance(core: CoreContext, bundle: Bundle): Promise<boolean> {
  const { directory, store } = core;
  const { account, profile } = bundle;
  const acquaintance = directory.acquaintances.get(account);
  const held = directory.devicesOf(account);
  if (acquaintance === undefined || held === undefined) return false;
  directory.checkDevices(account, bundle.list);
  const comparison = compareLists(held, bundle);
  const isNewName = profile.number > acquaintance.profileNumber;
  if (comparison !== "newer" && !isNewName) return false;
  const list = comparison === "newer" ? replacingList(held, deviceListRow(bundle)) : held;
  const row = isNewName ? { ...acquaintance, name: profile.name, profileNumber: profile.number } : acquaintance;
  await store.write(["acquaintances", "devices"], "strict", async (tx) => {
    tx.put("acquaintances", [account], row);
    tx.put("devices", [account], list);
  });
  directory.acquaintances.set(account, row);
  directory.putDevices(account, list);
  return true;
}
