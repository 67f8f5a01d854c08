/** The words of protecting, locking and unlocking this device. */
import { MIN_PASSPHRASE_LENGTH, type PassphraseTrouble } from "../../state/passphrases.ts";
import type { PasskeyState } from "../../state/protecting.ts";
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

export const UNPROTECTED =
  "This device is not protected: whoever gets at it, or at a copy of its disk, can read all your messages and write as you.";

export const PROTECTED =
  "What is stored here is encrypted, and opens with your passphrase or the recovery code. Kith asks for it at every start.";

export const MOVING = "What was stored before is being encrypted again. You can go on; closing Kith only puts it off.";

export const WHAT_PROTECTING_DOES =
  "Kith will encrypt what it stores and ask for your passphrase at every start. If you lose both the passphrase and the recovery code, nobody can open it again.";

export const PASSPHRASE_NOTE = "Four or five words that do not belong together are easy to keep and hard to guess.";

export const CODE_NOTE =
  "This device is protected now. Write down this recovery code and keep it apart from the device: it opens Kith if you forget the passphrase, and it is shown only now.";

export const REMOVE_QUESTION =
  "Whoever gets at this device can then read what is stored, and passphrase, passkey and recovery code are gone.";

export const LOCK_NOTE = "While it is locked, Kith receives nothing. Alt+Shift+L locks it, too.";

export function lockAfterWords(minutes: number): string {
  return minutes === 0 ? "Never" : `After ${minutes} minutes`;
}

export function passphraseTroubleWords(trouble: PassphraseTrouble): string {
  return trouble === "too-short"
    ? `Use at least ${MIN_PASSPHRASE_LENGTH} characters.`
    : "The two are not the same. Type the passphrase again.";
}

export function passkeyWords(passkey: Exclude<PasskeyState, "not-offered">): string {
  switch (passkey) {
    case "offered":
      return "With a passkey, your fingerprint, face or PIN opens Kith too. The passphrase stays.";
    case "made":
      return "The passkey is ready. It will open Kith beside the passphrase.";
    case "cancelled":
      return "No passkey was made. Try again, or go on without.";
    case "unsupported":
      return "The passkeys of this browser cannot protect Kith. Go on without one.";
  }
}
