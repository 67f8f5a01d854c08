/** A genesis names its conversation: the id is a hash of its content (PROTOCOL, Logs and entries). */
import { bytesToHex } from "../codec/bytes.ts";
import type { ConversationId } from "../codec/ids.ts";
import { domainHash, type Suite } from "../crypto/suite.ts";

export function conversationIdOf(suite: Suite, genesisBytes: Uint8Array): ConversationId {
  return bytesToHex(domainHash(suite, "kith/conversation/1", genesisBytes)) as ConversationId;
}
