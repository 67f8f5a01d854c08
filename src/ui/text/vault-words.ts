/** The words of protecting, locking and unlocking this device. */
import type { UnlockingModel } from "../../state/unlocking.ts";

export const LOCKED_NOTE =
  "What is stored here is encrypted. While it is locked, Kith is offline: messages wait on your contacts’ devices.";

export const LOST_KEYS =
  "This deletes your profile, contacts and messages from this browser for good. Without the passphrase or the recovery code nobody can open them, also not the makers of Kith.";

export function unlockTroubleWords({ by, kind }: NonNullable<UnlockingModel["trouble"]["value"]>): string {
  switch (kind) {
    case "empty":
      return by === "recovery" ? "Type the recovery code." : "Type your passphrase.";
    case "wrong":
      if (by === "passkey") return "This passkey does not open Kith here. Use your passphrase.";
      return by === "recovery"
        ? "This recovery code is of another device or of before the last change. Use your passphrase."
        : "This is not the passphrase. Try again, or use the recovery code.";
    case "malformed":
      return "This is not a whole recovery code: it has 28 letters and digits. Check it for slips.";
    case "cancelled":
      return "The passkey was not used. Try again, or use your passphrase.";
    case "unsupported":
      return "This passkey does not work here. Use your passphrase.";
    case "failed":
      return "It could not be tried: this device may be short of memory. Close other tabs and try again.";
  }
}
