/** What the messenger tells, put where the screen looks. */
import type { Signal } from "@preact/signals";
import type { InviteId, MessengerEvent, NetworkView, ProfileView, ThreadId } from "../core/views.ts";
import type { Announcer } from "./announcer.ts";
import type { AppTrouble } from "./troubles.ts";
import type { ThreadsModel } from "./threads.ts";

export interface EventsNeeds {
  readonly profile: Signal<ProfileView | undefined>;
  readonly network: Signal<NetworkView>;
  readonly trouble: Signal<AppTrouble | undefined>;
  readonly threads: ThreadsModel;
  readonly announcer: Announcer;
  readonly open: (thread: ThreadId) => void;
  /** Whether the acceptance of this invite is what the person waits for. */
  readonly isExpected: (invite: InviteId) => boolean;
  /** The conversation was deleted. */
  readonly leave: (thread: ThreadId) => void;
}

export function createEvents(needs: EventsNeeds): { handle(event: MessengerEvent): void } {
  const { profile, network, trouble, threads, announcer } = needs;
  return {
    handle(event) {
      switch (event.type) {
        case "profile":
          profile.value = event.profile;
          break;
        case "network":
          network.value = event.network;
          break;
        case "thread":
          threads.upsert(event.thread);
          break;
        case "thread-removed":
          threads.remove(event.thread);
          needs.leave(event.thread);
          break;
        case "messages":
          announcer.arrived(event.upserts, threads.groupName(event.thread));
          // It was stored: the disk works again.
          if (trouble.value === "full" || trouble.value === "disk") trouble.value = undefined;
          break;
        case "invite-accepted":
          if (needs.isExpected(event.invite)) needs.open(event.thread);
          break;
        case "store-trouble":
          trouble.value = event.trouble === "full" ? "full" : "disk";
          break;
        default:
          // Heard by the models whose screens show it.
          break;
      }
    },
  };
}
