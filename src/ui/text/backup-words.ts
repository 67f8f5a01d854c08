/** What is said about backups. */
import type { RestoreTrouble } from "../../state/restoring.ts";

export const WHY_BACKUP =
  "A backup is the only way back if this device is lost or the browser clears its storage. Make a new one now and then.";

export const WHAT_IS_IN_IT =
  "The file holds your account, contacts, conversations, messages and settings, encrypted under a passphrase of its own. Whoever has both can read everything and become you.";

export const WHAT_IS_NOT_IN_IT =
  "Not in it: the keys of this device and open invites. A backup becomes a new device; your contacts are told, and this device no longer reaches them.";

export const BACKUP_PASSPHRASE_NOTE =
  "Four or five words that do not belong together are easy to keep. Without the passphrase nobody can open the file.";

export const BACKUP_READY = "The backup is ready. Save the file and keep it apart from this device.";

export const WHAT_RESTORING_DOES =
  "This browser becomes a new device of the account in the file. Your contacts are told, and the device that the backup was made on no longer reaches them: use this when it is lost.";

/** What went wrong with a file, or with its passphrase. Nothing was changed. */
export function restoreTroubleWords(trouble: RestoreTrouble): string {
  switch (trouble) {
    case "no-file":
      return "Choose the file of your backup.";
    case "foreign":
      return "This is no backup of Kith. Choose another file.";
    case "newer":
      return "This backup was made by a newer Kith. Update Kith, then restore it.";
    case "damaged":
      return "This file is damaged or incomplete, so nothing was restored. Try another copy of it.";
    case "too-large":
      return "This file is too large for a backup of Kith. Choose another file.";
    case "no-passphrase":
      return "Type the passphrase of the backup.";
    case "wrong-passphrase":
      return "The passphrase does not open this backup. Try again.";
    case "in-use":
      return "There is a profile in this browser already. Reload the page to use it.";
    case "full":
      return "There is not enough room on this device. Make room, then try again.";
    case "failed":
      return "It could not be restored. Close other tabs and try again.";
  }
}
