/** What opening the logs of a group has to know of its members. */
import type { DeviceId } from "../codec/ids.ts";

export interface GroupLogs {
  /**
   * Whether a device is of an account that is known not to belong here, or no longer. What it wrote may be held by those alone who saw it
   * before they learned that, so nothing waits for it that is not held (PROTOCOL, Logs and entries).
   */
  isOutside(device: DeviceId): boolean;
}
