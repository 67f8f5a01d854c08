/**
 * The invite (PROTOCOL, First contact): at most 270 bytes, as base64url in the fragment of the app's URL, which never reaches a
 * server. Four bytes of hash at the end tell a damaged link from an old or a foreign one.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import {
  base64UrlToBytes,
  bytesToBase64Url,
  bytesToHex,
  bytesToText,
  concatBytes,
  equalBytes,
  hexToBytes,
  textToBytes,
} from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { AccountId, InviteId, PeerKey } from "../codec/ids.ts";
import { MAX_NAME_BYTES } from "../codec/limits.ts";
import { domainHash, type Suite } from "../crypto/suite.ts";

export const MAX_INVITE_BYTES = 270;
const INVITE_VERSION = 1;
const CHECKSUM_BYTES = 4;
const MAX_RELAYS = 2;
/** Marks the invite inside a URL's fragment. */
const FRAGMENT_MARK = "#i/";

export interface Invite {
  readonly account: AccountId;
  readonly peer: PeerKey;
  /** 16 random bytes; whoever proves to know them is invited. */
  readonly secret: Uint8Array;
  /** Milliseconds since 1970, whole seconds. */
  readonly expiresAt: number;
  readonly name: string;
  /** Multiaddrs; as many of them as fit are encoded, the first always. */
  readonly relays: readonly string[];
}

export type DecodedInvite =
  { readonly kind: "invite"; readonly invite: Invite } | { readonly kind: "incomplete" } | { readonly kind: "newer" };

/** version 1 | flags 1 | expiry 4 (s) | account 32 | peer key 32 | secret 16 | name | relay count 1 | relays … | hash prefix 4 */
export function encodeInvite(suite: Suite, invite: Invite): Uint8Array {
  for (let count = Math.min(invite.relays.length, MAX_RELAYS); count >= 0; count -= 1) {
    const writer = new ByteWriter()
      .uint(INVITE_VERSION, 1)
      .uint(0, 1)
      .uint(Math.floor(invite.expiresAt / 1000), 4)
      .fixed(hexToBytes(invite.account, 32), 32)
      .fixed(hexToBytes(invite.peer, 32), 32)
      .fixed(invite.secret, 16)
      .sized(textToBytes(invite.name), 1)
      .uint(count, 1);
    for (const relay of invite.relays.slice(0, count)) writer.sized(textToBytes(relay), 1);
    const bytes = writer.finish();
    if (bytes.length + CHECKSUM_BYTES <= MAX_INVITE_BYTES) return concatBytes(bytes, checksum(suite, bytes));
  }
  throw new RangeError("the invite does not fit");
}

export function decodeInvite(suite: Suite, bytes: Uint8Array): DecodedInvite {
  const body = bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM_BYTES));
  if (!equalBytes(checksum(suite, body), bytes.subarray(body.length))) return { kind: "incomplete" };
  const version = body[0] ?? 0;
  if (version > INVITE_VERSION) return { kind: "newer" };
  try {
    return { kind: "invite", invite: readInvite(body) };
  } catch (error) {
    if (error instanceof DecodeError) return { kind: "incomplete" };
    throw error;
  }
}

function readInvite(body: Uint8Array): Invite {
  const reader = new ByteReader(body);
  if (reader.uint(1) !== INVITE_VERSION) throw new DecodeError("unknown invite version");
  reader.uint(1, 0);
  const expiresAt = reader.uint(4) * 1000;
  const account = bytesToHex(reader.fixed(32)) as AccountId;
  const peer = bytesToHex(reader.fixed(32)) as PeerKey;
  const secret = reader.fixed(16);
  const name = bytesToText(reader.sized(1, MAX_NAME_BYTES));
  const count = reader.uint(1, MAX_RELAYS);
  const relays = Array.from({ length: count }, () => bytesToText(reader.sized(1, 255)));
  reader.end();
  return { account, peer, secret, expiresAt, name, relays };
}

export function inviteLink(appUrl: string, bytes: Uint8Array): string {
  return `${appUrl.split("#")[0] ?? ""}${FRAGMENT_MARK}${bytesToBase64Url(bytes)}`;
}

/** Finds the invite in a pasted link, fragment or bare payload. */
export function parseInviteText(suite: Suite, text: string): DecodedInvite {
  const trimmed = text.trim();
  const mark = trimmed.indexOf(FRAGMENT_MARK);
  const payload = mark < 0 ? trimmed.replace(/^#?i\//, "") : trimmed.slice(mark + FRAGMENT_MARK.length);
  try {
    return decodeInvite(suite, base64UrlToBytes(payload, MAX_INVITE_BYTES));
  } catch (error) {
    if (error instanceof DecodeError) return { kind: "incomplete" };
    throw error;
  }
}

/** What an invite is looked up by: known to those who know the secret, and tells nothing of it. */
export function inviteIdOf(suite: Suite, secret: Uint8Array): InviteId {
  return bytesToHex(domainHash(suite, "kith/invite/1", secret).subarray(0, 16)) as InviteId;
}

function checksum(suite: Suite, bytes: Uint8Array): Uint8Array {
  return domainHash(suite, "kith/invite-checksum/1", bytes).subarray(0, CHECKSUM_BYTES);
}
