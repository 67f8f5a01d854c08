/** How a conversation is named on a link without telling its id to a peer that does not know it (PROTOCOL, Sync). */
import { concatBytes, hexToBytes, textToBytes } from "../codec/bytes.ts";
import type { ConversationId } from "../codec/ids.ts";
import type { SyncHost } from "./host.ts";

/** One side of a link. */
export interface LinkSide {
  readonly nonce: Uint8Array;
  readonly peer: string;
}

/** The tag that names a conversation on one link, made by the side whose nonce and peer key come first. */
export function helloTag(
  host: Pick<SyncHost, "mac">,
  conversation: ConversationId,
  sender: LinkSide,
  receiver: LinkSide,
): Uint8Array {
  const bytes = concatBytes(
    textToBytes("kith/hello/1"),
    sender.nonce,
    receiver.nonce,
    hexToBytes(sender.peer, 32),
    hexToBytes(receiver.peer, 32),
  );
  return host.mac(hexToBytes(conversation, 32), bytes);
}
