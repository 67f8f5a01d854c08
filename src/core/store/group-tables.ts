/** Rows about groups. Their keys are in tables.ts. */
import type { AccountId, DeviceId } from "../codec/ids.ts";

/** A change of a group's membership, as its author signed it; whether it holds follows from all of them. */
export interface OperationRow {
  readonly author: AccountId;
  readonly device: DeviceId;
  readonly body: Uint8Array;
}

/** Somebody of a common group who is no contact. */
export interface AcquaintanceRow {
  readonly account: AccountId;
  /** As the one who added them knew it, until they told themselves. */
  readonly name: string;
  readonly profileNumber: number;
  readonly relays: readonly string[];
}

export interface GroupChangeRow {
  readonly kind: "created" | "added" | "removed" | "left" | "promoted" | "demoted" | "renamed";
  readonly subject?: AccountId;
  readonly name?: string;
}
