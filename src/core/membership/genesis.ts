/** The first control entry of a conversation: between whom it is, or who founds a group (PROTOCOL, Logs and entries). */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, hexToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import { MAX_GROUP_NAME_BYTES } from "../codec/limits.ts";
import type { AccountId } from "../codec/ids.ts";
import { groupNameFromBytes, groupNameToBytes } from "./group-name.ts";

const GENESIS_VERSION = 1;
const KIND_DIRECT = 1;
const KIND_GROUP = 2;
const NONCE_BYTES = 16;
const MAX_GENESIS_BYTES = 256;

export interface DirectGenesis {
  readonly kind: "direct";
  readonly founder: AccountId;
  readonly other: AccountId;
  /** 16 random bytes, so that two people can have more than one conversation. */
  readonly nonce: Uint8Array;
}

export interface GroupGenesis {
  readonly kind: "group";
  readonly founder: AccountId;
  /** 1 to 96 bytes of UTF-8. */
  readonly name: string;
  /** 16 random bytes. */
  readonly nonce: Uint8Array;
}

export type Genesis = DirectGenesis | GroupGenesis;

/**
 * version 1 | kind 1 | nonce 16 | founder 32 | other 32, or for a group its name (length 1)
 * @throws DecodeError for a name of a group that is empty or too long.
 */
export function encodeGenesis(genesis: Genesis): Uint8Array {
  const writer = new ByteWriter()
    .uint(GENESIS_VERSION, 1)
    .uint(genesis.kind === "direct" ? KIND_DIRECT : KIND_GROUP, 1)
    .fixed(genesis.nonce, NONCE_BYTES)
    .fixed(hexToBytes(genesis.founder, 32), 32);
  if (genesis.kind === "direct") writer.fixed(hexToBytes(genesis.other, 32), 32);
  else writer.sized(groupNameToBytes(genesis.name), 1);
  return writer.finish();
}

/** @throws DecodeError for anything that `encodeGenesis` would not have produced. */
export function decodeGenesis(bytes: Uint8Array): Genesis {
  if (bytes.length > MAX_GENESIS_BYTES) throw new DecodeError("genesis is too long");
  const reader = new ByteReader(bytes);
  if (reader.uint(1) !== GENESIS_VERSION) throw new DecodeError("unknown genesis");
  const kind = reader.uint(1, KIND_GROUP);
  const nonce = reader.fixed(NONCE_BYTES);
  const founder = bytesToHex(reader.fixed(32)) as AccountId;
  const genesis = ((): Genesis => {
    switch (kind) {
      case KIND_DIRECT:
        return { kind: "direct", nonce, founder, other: bytesToHex(reader.fixed(32)) as AccountId };
      case KIND_GROUP:
        return { kind: "group", nonce, founder, name: groupNameFromBytes(reader.sized(1, MAX_GROUP_NAME_BYTES)) };
      default:
        throw new DecodeError("unknown genesis");
    }
  })();
  reader.end();
  if (genesis.kind === "direct" && founder === genesis.other) throw new DecodeError("a conversation with oneself");
  return genesis;
}
