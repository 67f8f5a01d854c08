/** Who takes part in a conversation now, as its membership and the members' device lists say. */
import type { AccountId, DeviceId } from "../codec/ids.ts";
import type { Author } from "../log/append.ts";
import type { EpochRecipient } from "../store/key-tables.ts";

export interface Roster {
  /** This device, which writes. */
  readonly self: Author;
  /** Nothing is sealed while one of the others has no key at all. */
  readonly needsAll: boolean;
  /** All other accounts, with the devices that take part for them. */
  readonly others: readonly { readonly account: AccountId; readonly devices: readonly DeviceId[] }[];
}

/**
 * Whom the next epoch is sealed to, sorted by device: every device that has published a key. Undefined while somebody has none at
 * all and the roster needs them, since they could not read what is written now; and while nobody has one.
 */
export function recipientsOf(
  roster: Roster,
  numbers: ReadonlyMap<DeviceId, number>,
): readonly EpochRecipient[] | undefined {
  const recipients: EpochRecipient[] = [];
  for (const { devices } of roster.others) {
    const able = devices.flatMap((device) => {
      const number = numbers.get(device);
      return number === undefined ? [] : [{ device, number }];
    });
    if (able.length === 0 && roster.needsAll) return undefined;
    recipients.push(...able);
  }
  if (recipients.length === 0) return undefined;
  return recipients.toSorted((a, b) => (a.device < b.device ? -1 : 1));
}
