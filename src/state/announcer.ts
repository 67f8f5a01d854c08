/** What assistive technology is told without moving: messages that arrive, and the outcome of actions. Words are made by the screen. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { MessageView } from "../core/views.ts";
import { isOfOthers } from "./of-others.ts";

export type Announcement =
  | { readonly kind: "message"; readonly author: string; readonly group?: string | undefined; readonly text: string }
  | { readonly kind: "messages"; readonly count: number }
  | { readonly kind: "copied" }
  | { readonly kind: "not-copied" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "changed" }
  | { readonly kind: "saved" }
  | { readonly kind: "withdrawn" };

export interface SpokenAnnouncement {
  readonly key: number;
  readonly announcement: Announcement;
}

export interface Announcer {
  /** The last few; each is spoken when it appears. */
  readonly spoken: ReadonlySignal<readonly SpokenAnnouncement[]>;
  announce(announcement: Announcement): void;
  /** Announces what others wrote, in this group if it is one, and what was not here before. */
  arrived(messages: readonly MessageView[], group?: string): void;
}

const KEPT = 3;
const MOST_AT_ONCE = 3;
const REMEMBERED_IDS = 500;

export function createAnnouncer(): Announcer {
  const spoken = signal<readonly SpokenAnnouncement[]>([]);
  const known = new Set<string>();
  let key = 0;
  const announce = (announcement: Announcement): void => {
    key += 1;
    spoken.value = [...spoken.value, { key, announcement }].slice(-KEPT);
  };
  return {
    spoken,
    announce,
    arrived(messages, group) {
      const fresh = messages.filter((message) => isOfOthers(message) && !known.has(message.id));
      for (const message of fresh) known.add(message.id);
      for (const id of known) {
        if (known.size <= REMEMBERED_IDS) break;
        known.delete(id);
      }
      if (fresh.length > MOST_AT_ONCE) return announce({ kind: "messages", count: fresh.length });
      for (const { authorName: author, text } of fresh) announce({ kind: "message", author, group, text });
    },
  };
}
