/** Frames of first contact (PROTOCOL, First contact): claim, proof, refusal, request, answer. */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, concatBytes, hexToBytes, textToBytes } from "../codec/bytes.ts";
import { MAX_BODY_BYTES, SIGNATURE_BYTES } from "../codec/entry.ts";
import type { InviteId, PeerKey } from "../codec/ids.ts";
import type { Suite } from "../crypto/suite.ts";
import type { EntryParts } from "../log/entry.ts";
import type { InviteTrouble } from "../views.ts";
import { MAX_BUNDLE_BYTES } from "./bundle.ts";

/** Who somebody is, and the conversation they founded: what asking to be let in takes. */
export interface Request {
  readonly bundle: Uint8Array;
  readonly genesis: EntryParts;
}

/** The acceptor's first word: a request that names an invite. */
export interface Claim extends Request {
  readonly invite: InviteId;
}

const MAX_HEADER_BYTES = 1200;

/** invite id 16 | request */
export function encodeClaim(claim: Claim): Uint8Array {
  return concatBytes(hexToBytes(claim.invite, 16), encodeRequest(claim));
}

export function decodeClaim(bytes: Uint8Array): Claim {
  const reader = new ByteReader(bytes);
  const invite = bytesToHex(reader.fixed(16)) as InviteId;
  return { invite, ...decodeRequest(reader.fixed(reader.remaining)) };
}

/** bundle (length 2) | genesis header (length 2) | signature 64 | genesis body (length 2) */
export function encodeRequest({ bundle, genesis }: Request): Uint8Array {
  return new ByteWriter()
    .sized(bundle, 2)
    .sized(genesis.header, 2)
    .fixed(genesis.signature, SIGNATURE_BYTES)
    .sized(genesis.body, 2)
    .finish();
}

export function decodeRequest(bytes: Uint8Array): Request {
  const reader = new ByteReader(bytes);
  const bundle = reader.sized(2, MAX_BUNDLE_BYTES);
  const header = reader.sized(2, MAX_HEADER_BYTES);
  const signature = reader.fixed(SIGNATURE_BYTES);
  const body = reader.sized(2, MAX_BODY_BYTES);
  reader.end();
  return { bundle, genesis: { header, signature, body } };
}

/** What became of a request. */
export type Answer =
  | { readonly kind: "waiting" | "not-taken" }
  /** The inviter's bundle. */
  | { readonly kind: "accepted"; readonly bundle: Uint8Array };

const ANSWER_CODES: readonly Answer["kind"][] = ["waiting", "accepted", "not-taken"];

/** code 1 | bundle, if accepted */
export function encodeAnswer(answer: Answer): Uint8Array {
  const code = Uint8Array.of(ANSWER_CODES.indexOf(answer.kind));
  return answer.kind === "accepted" ? concatBytes(code, answer.bundle) : code;
}

export function decodeAnswer(bytes: Uint8Array): Answer {
  const reader = new ByteReader(bytes);
  const kind = ANSWER_CODES[reader.uint(1, ANSWER_CODES.length - 1)] ?? "not-taken";
  if (kind === "accepted") return { kind, bundle: reader.fixed(reader.remaining) };
  reader.end();
  return { kind };
}

const TROUBLE_CODES: readonly InviteTrouble[] = ["unknown", "used", "withdrawn", "expired"];

export function encodeRefusal(trouble: InviteTrouble): Uint8Array {
  return Uint8Array.of(TROUBLE_CODES.indexOf(trouble));
}

/** Codes of later versions read as "unknown". */
export function decodeRefusal(bytes: Uint8Array): InviteTrouble {
  return TROUBLE_CODES[new ByteReader(bytes).uint(1)] ?? "unknown";
}

/** Everything the two sides said: the proof of either covers all of it. */
export interface Transcript {
  readonly acceptorNonce: Uint8Array;
  readonly inviterNonce: Uint8Array;
  readonly acceptorPeer: PeerKey;
  readonly inviterPeer: PeerKey;
  /** The claim frame's payload, so bundle and genesis of the acceptor. */
  readonly claim: Uint8Array;
  readonly inviterBundle: Uint8Array;
}

/** HMAC(secret, "kith/proof/1" | role | both nonces | both peer keys | SHA-256 of what each side sent), 32 bytes. */
export function proofOf(
  suite: Suite,
  secret: Uint8Array,
  role: "acceptor" | "inviter",
  transcript: Transcript,
): Uint8Array {
  const message = concatBytes(
    textToBytes("kith/proof/1"),
    Uint8Array.of(role === "acceptor" ? 1 : 2),
    transcript.acceptorNonce,
    transcript.inviterNonce,
    hexToBytes(transcript.acceptorPeer, 32),
    hexToBytes(transcript.inviterPeer, 32),
    suite.hash(transcript.claim),
    suite.hash(transcript.inviterBundle),
  );
  return suite.mac(secret, message);
}
