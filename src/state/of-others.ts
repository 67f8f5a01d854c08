/** What is new to the person: messages of others. A change of the group is a line between messages, never new. */
import type { MessageView } from "../core/views.ts";

export function isOfOthers(message: MessageView): boolean {
  return !message.isOwn && message.kind !== "change";
}
