/** The first control entry of a conversation. Its content names the conversation: the id is a hash of it (PROTOCOL, Logs and entries). */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, hexToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, ConversationId } from "../codec/ids.ts";
import { domainHash, type Suite } from "../crypto/suite.ts";

const GENESIS_VERSION = 1;
const KIND_DIRECT = 1;
const MAX_GENESIS_BYTES = 256;

export interface DirectGenesis {
  readonly founder: AccountId;
  readonly other: AccountId;
  /** 16 random bytes, so that two people can have more than one conversation. */
  readonly nonce: Uint8Array;
}

/** version 1 | kind 1 | nonce 16 | founder 32 | other 32 */
export function encodeGenesis(genesis: DirectGenesis): Uint8Array {
  return new ByteWriter()
    .uint(GENESIS_VERSION, 1)
    .uint(KIND_DIRECT, 1)
    .fixed(genesis.nonce, 16)
    .fixed(hexToBytes(genesis.founder, 32), 32)
    .fixed(hexToBytes(genesis.other, 32), 32)
    .finish();
}

export function decodeGenesis(bytes: Uint8Array): DirectGenesis {
  if (bytes.length > MAX_GENESIS_BYTES) throw new DecodeError("genesis is too long");
  const reader = new ByteReader(bytes);
  if (reader.uint(1) !== GENESIS_VERSION || reader.uint(1) !== KIND_DIRECT) throw new DecodeError("unknown genesis");
  const nonce = reader.fixed(16);
  const founder = bytesToHex(reader.fixed(32)) as AccountId;
  const other = bytesToHex(reader.fixed(32)) as AccountId;
  reader.end();
  if (founder === other) throw new DecodeError("a conversation with oneself");
  return { nonce, founder, other };
}

export function conversationIdOf(suite: Suite, genesisBytes: Uint8Array): ConversationId {
  return bytesToHex(domainHash(suite, "kith/conversation/1", genesisBytes)) as ConversationId;
}
