/** Invites, their ids, and the two proofs of first contact: *First contact*. */
import { join, number, sized } from "./bytes.ts";
import { hmac, sha256 } from "./primitives.ts";

export type SecondInvite = {
  /** Seconds since 1970. */
  readonly expiry: number;
  readonly account: Uint8Array;
  readonly peerKey: Uint8Array;
  readonly secret: Uint8Array;
  readonly name: string;
  readonly relays: readonly Uint8Array[];
};

export function inviteBytes({ expiry, account, peerKey, secret, name, relays }: SecondInvite): Uint8Array {
  const content = join(
    number(1, 1),
    number(0, 1),
    number(expiry, 4),
    account,
    peerKey,
    secret,
    sized(1, name),
    number(relays.length, 1),
    ...relays.map((relay) => sized(1, relay)),
  );
  return join(content, sha256("kith/invite-checksum/1", content).slice(0, 4));
}

export const inviteFragment = (invite: Uint8Array): string => `#i/${Buffer.from(invite).toString("base64url")}`;
export const inviteId = (secret: Uint8Array): Uint8Array => sha256("kith/invite/1", secret).slice(0, 16);

export type Meeting = {
  readonly acceptorNonce: Uint8Array;
  readonly inviterNonce: Uint8Array;
  readonly acceptorPeerKey: Uint8Array;
  readonly inviterPeerKey: Uint8Array;
  readonly claimPayload: Uint8Array;
  readonly inviterBundle: Uint8Array;
};

export function proof(secret: Uint8Array, role: "acceptor" | "inviter", meeting: Meeting): Uint8Array {
  return hmac(
    secret,
    "kith/proof/1",
    number(role === "acceptor" ? 1 : 2, 1),
    meeting.acceptorNonce,
    meeting.inviterNonce,
    meeting.acceptorPeerKey,
    meeting.inviterPeerKey,
    sha256(meeting.claimPayload),
    sha256(meeting.inviterBundle),
  );
}
