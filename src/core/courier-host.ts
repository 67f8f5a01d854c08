/** Joins couriers, which know accounts and links, with the sync that understands what is in a parcel. */
import type { ConversationId } from "./codec/ids.ts";
import type { CoreContext } from "./conversations/core-context.ts";
import { Couriers } from "./couriers/couriers.ts";
import type { KeyCare } from "./key-care.ts";
import type { PeerPresence } from "./peer-presence.ts";
import { FRAME } from "./sync/frames.ts";
import type { SyncHost } from "./sync/host.ts";

export interface CourierHostEffects {
  /** Somebody who can take new entries of this conversation is connected and level, or keeps them for who is away. */
  onTaker(conversation: ConversationId): void;
  /** Whether so many bytes could be stored now. */
  hasRoomFor(bytes: number): Promise<boolean>;
}

export function createCouriers(
  core: CoreContext,
  host: SyncHost,
  keys: KeyCare,
  presence: PeerPresence,
  effects: CourierHostEffects,
): Couriers {
  return new Couriers(core, {
    async accept(from, conversation, batch, envelopes) {
      const [device] = core.directory.devicesOf(from)?.devices ?? [];
      return device === undefined ? { kind: "stop" } : host.accept(conversation, batch, envelopes, device.peerKey);
    },
    onClock: (conversation, bytes) => host.onStatement(conversation, FRAME.clock, bytes),
    isSettled: (conversation) => keys.isSettled(conversation),
    onTaker: (conversation) => effects.onTaker(conversation),
    lastHeardOf: (account) => presence.lastHeardOf(account),
    hasRoomFor: (bytes) => effects.hasRoomFor(bytes),
  });
}
