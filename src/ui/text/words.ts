/** The words of the screen, English. Accessible names are part of the product: see the interface contract before changing one. */
import type { DeliveryState } from "../../core/views.ts";
import type { Announcement } from "../../state/announcer.ts";
import type { AppTrouble } from "../../state/troubles.ts";
import type { ComposerTrouble } from "../../state/composer.ts";
import type { MissingFeature } from "../../state/feature-check.ts";
import type { NameTrouble } from "../../state/first-run.ts";

export const PITCH =
  "Messages go from your device to your friends’ devices. No account, no server that reads or keeps them.";

export const UPDATE_READY = "A new version of Kith is ready. Your messages stay.";

export const INSTALL_BY_MENU = "To have Kith as an app, open the Share menu and choose “Add to Home Screen”.";

export const CLEARED =
  "This browser cleared Kith’s data: your profile, contacts and messages are gone from this device. Your contacts still have theirs. Start again, ask them for new invites, and see Settings, Storage to keep the new ones.";

export function deliveryWords(state: DeliveryState, contact: string): string {
  switch (state) {
    case "waiting":
      return `Waiting for ${contact}`;
    case "delivered":
      return "Delivered";
    case "read":
      return "Read";
    default:
      return state.startsWith("c") ? `C${state.slice(1)}` : `Delivered to ${state}`;
  }
}

export function announcementWords(announcement: Announcement): string {
  switch (announcement.kind) {
    case "message":
      return `${announcement.author}${announcement.group ? ` in ${announcement.group}` : ""}: ${announcement.text}`;
    case "messages":
      return `${announcement.count} new messages`;
    case "copied":
      return "Copied";
    case "not-copied":
      return "The browser does not allow copying here. Select the text instead.";
    case "cancelled":
      return "Message cancelled";
    case "changed":
      return "Message changed";
    case "saved":
      return "Saved";
    case "withdrawn":
      return "Invite withdrawn";
  }
}

export function appTroubleWords(trouble: AppTrouble): string {
  switch (trouble) {
    case "bug":
      return "Something went wrong. What you wrote is safe on this device. If Kith behaves oddly, reload it.";
    case "full":
      return "This device is full. New messages cannot be stored until you free some space: delete files or old conversations. They will come again.";
    case "nearly-full":
      return "This device is nearly full. Free some space soon, while messages can still be stored.";
    case "not-erased":
      return "Not everything was erased. Close all other tabs of Kith, reload, and erase again.";
    case "disk":
      return "Writing to this device’s storage failed. What could not be stored will come again. Reload Kith if this stays.";
    case "network-start":
      return "The network could not start. You can read and write; reload to try again.";
  }
}

export function composerTroubleWords(trouble: ComposerTrouble): string {
  switch (trouble) {
    case "too-long":
      return "This message is too long. Shorten it, or send it in parts. Your text is still here.";
    case "full":
      return "Not stored: this device is full. Your text is still here. Free some space, then send again.";
    case "failed":
      return "Not stored: writing to this device failed. Your text is still here. Send again, or reload Kith.";
    case "gone":
      return "It has already left, so it can’t be changed. Your text is still here: send it as a new message, or delete it.";
  }
}

/** Bytes are no unit for people: what is left is told as about so many characters. */
export function lengthWords(bytesLeft: number): string {
  return bytesLeft >= 0
    ? `About ${bytesLeft} characters left`
    : `Too long by about ${-bytesLeft} characters. Shorten it, or send it in parts.`;
}

export function nameTroubleWords(trouble: NameTrouble): string {
  switch (trouble) {
    case "empty":
      return "Type a name first. Any name will do.";
    case "too-long":
      return "This name is too long. Make it a little shorter.";
    case "full":
      return "Nothing could be stored on this device. Free some space, leave private browsing if you use it, and try again.";
  }
}

export function missingFeatureWords(feature: MissingFeature): string {
  switch (feature) {
    case "secure-context":
      return "This page was not opened over a secure connection. Open it with https:// in front, or on this computer as localhost.";
    case "indexeddb":
      return "This browser does not let pages store anything. Leave private browsing, or allow site data for this page.";
    case "webrtc":
      return "This browser has no WebRTC, or it is switched off. Use a current Firefox, Chrome, Edge or Safari, or switch it on.";
    case "locks":
      return "This browser is too old. Update it, or use a current Firefox, Chrome, Edge or Safari.";
  }
}

export function unreadWords(count: number): string {
  return `${count} unread`;
}
