/**
 * What two people carry from screen to screen to be linked without any server (PROTOCOL, Pairing without internet): an offer, which is
 * an invite with the description of a link, and an answer to it. Texts, never links, so that no other scanner opens anything with them.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { base64UrlToBytes, bytesToBase64Url, bytesToHex, concatBytes, equalBytes, hexToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import type { PeerKey } from "../codec/ids.ts";
import { MAX_DESCRIPTION_BYTES } from "../codec/limits.ts";
import { domainHash, type Suite } from "../crypto/suite.ts";
import { MAX_INVITE_BYTES } from "./invite-codec.ts";

const MARK = "Kith pair ";
const VERSION = 1;
const OFFER = 1;
const ANSWER = 2;
const OFFER_ID_BYTES = 8;
const CHECKSUM_BYTES = 4;
const MAX_CODE_BYTES = 2 + 2 + MAX_INVITE_BYTES + 2 + MAX_DESCRIPTION_BYTES + CHECKSUM_BYTES;

export interface PairOfferCode {
  readonly kind: "offer";
  /** 16 hex digits: tells an answer to another offer from one to this. */
  readonly id: string;
  /** As `encodeInvite` made it; without relays. */
  readonly invite: Uint8Array;
  readonly description: Uint8Array;
}

export interface PairAnswerCode {
  readonly kind: "answer";
  readonly offer: string;
  /** Of the device that answered. */
  readonly peer: PeerKey;
  readonly description: Uint8Array;
}

export type PairCode = PairOfferCode | PairAnswerCode;
/** "no-code": nothing of Kith's, or damaged. "newer": of a version that is not known here. */
export type DecodedPairCode = PairCode | { readonly kind: "no-code" } | { readonly kind: "newer" };

/** "Kith pair " and in base64url: version 1 | kind 1 (= 1) | invite sized(2) | description sized(2) | hash prefix 4 */
export function encodePairOffer(
  suite: Suite,
  { invite, description }: Pick<PairOfferCode, "invite" | "description">,
): { readonly text: string; readonly id: string } {
  const body = new ByteWriter().uint(VERSION, 1).uint(OFFER, 1).sized(invite, 2).sized(description, 2).finish();
  return { text: textOf(suite, body), id: offerId(suite, body) };
}

/** "Kith pair " and in base64url: version 1 | kind 1 (= 2) | offer 8 | peer key 32 | description sized(2) | hash prefix 4 */
export function encodePairAnswer(suite: Suite, { offer, peer, description }: Omit<PairAnswerCode, "kind">): string {
  const body = new ByteWriter()
    .uint(VERSION, 1)
    .uint(ANSWER, 1)
    .fixed(hexToBytes(offer, OFFER_ID_BYTES), OFFER_ID_BYTES)
    .fixed(hexToBytes(peer, 32), 32)
    .sized(description, 2)
    .finish();
  return textOf(suite, body);
}

export function decodePairCode(suite: Suite, text: string): DecodedPairCode {
  const trimmed = text.trim();
  if (!trimmed.startsWith(MARK)) return { kind: "no-code" };
  try {
    const bytes = base64UrlToBytes(trimmed.slice(MARK.length), MAX_CODE_BYTES);
    const body = bytes.subarray(0, Math.max(0, bytes.length - CHECKSUM_BYTES));
    if (!equalBytes(checksum(suite, body), bytes.subarray(body.length))) return { kind: "no-code" };
    return (body[0] ?? 0) > VERSION ? { kind: "newer" } : readBody(suite, body);
  } catch (error) {
    if (error instanceof DecodeError) return { kind: "no-code" };
    throw error;
  }
}

function readBody(suite: Suite, body: Uint8Array): PairCode {
  const reader = new ByteReader(body);
  if (reader.uint(1) !== VERSION) throw new DecodeError("unknown version of a pairing code");
  if (reader.uint(1, ANSWER) === OFFER) {
    const invite = reader.sized(2, MAX_INVITE_BYTES);
    const description = reader.sized(2, MAX_DESCRIPTION_BYTES);
    reader.end();
    return { kind: "offer", id: offerId(suite, body), invite, description };
  }
  if (body[1] !== ANSWER) throw new DecodeError("unknown kind of a pairing code");
  const offer = bytesToHex(reader.fixed(OFFER_ID_BYTES));
  const peer = bytesToHex(reader.fixed(32)) as PeerKey;
  const description = reader.sized(2, MAX_DESCRIPTION_BYTES);
  reader.end();
  return { kind: "answer", offer, peer, description };
}

function offerId(suite: Suite, body: Uint8Array): string {
  return bytesToHex(domainHash(suite, "kith/pair-offer/1", body).subarray(0, OFFER_ID_BYTES));
}

function textOf(suite: Suite, body: Uint8Array): string {
  return MARK + bytesToBase64Url(concatBytes(body, checksum(suite, body)));
}

function checksum(suite: Suite, body: Uint8Array): Uint8Array {
  return domainHash(suite, "kith/pair-checksum/1", body).subarray(0, CHECKSUM_BYTES);
}
