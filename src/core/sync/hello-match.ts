/** Which conversation a hello is about: its tag is that of one shared with the peer, or nobody's. */
import { DecodeError } from "../codec/decode-error.ts";
import type { ConversationId } from "../codec/ids.ts";
import type { Conduit } from "./conduit.ts";
import type { Frame } from "./frames.ts";
import { helloTag, type LinkSide } from "./hello-tag.ts";
import type { SyncHost } from "./host.ts";
import { decodeHello, type Hello } from "./payloads.ts";

/** @throws DecodeError for a hello that is not about this conversation. */
export function checkedHello(
  host: Pick<SyncHost, "equalMacs" | "mac">,
  conversation: ConversationId,
  remote: LinkSide,
  own: LinkSide,
  frame: Frame,
): Hello {
  const hello = decodeHello(frame.payload);
  const expected = helloTag(host, conversation, remote, own);
  if (!host.equalMacs(hello.tag, expected)) throw new DecodeError("hello for another conversation");
  return hello;
}

/** @throws DecodeError */
export function conversationOfHello(host: SyncHost, conduit: Conduit, frame: Frame): ConversationId | undefined {
  const { tag } = decodeHello(frame.payload);
  const { remote, own, link, theirTags } = conduit;
  if (remote === undefined) return undefined;
  const theirs = { nonce: remote.nonce, peer: link.peer };
  const ours = { nonce: own.nonce, peer: host.ownPeer };
  return host.conversationsWith(link.peer).find((conversation) => {
    let expected = theirTags.get(conversation);
    if (expected === undefined) theirTags.set(conversation, (expected = helloTag(host, conversation, theirs, ours)));
    return host.equalMacs(tag, expected);
  });
}
