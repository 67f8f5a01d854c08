/** Codes for pairing without internet: *Pairing without internet*. */
import { join, number, sized } from "./bytes.ts";
import { sha256 } from "./primitives.ts";

export type SecondCandidate = {
  readonly type: "host" | "srflx";
  /** 4 bytes; 16 of IPv6; or the 16 of an mDNS name. */
  readonly address: Uint8Array;
  readonly isMdns: boolean;
  readonly port: number;
};

export type SecondDescription = {
  readonly ufrag: string;
  readonly pwd: string;
  readonly fingerprint: Uint8Array;
  readonly candidates: readonly SecondCandidate[];
};

export function descriptionBytes({ ufrag, pwd, fingerprint, candidates }: SecondDescription): Uint8Array {
  return join(
    sized(1, ufrag),
    sized(1, pwd),
    fingerprint,
    number(candidates.length, 1),
    ...candidates.map(({ type, address, isMdns, port }) => {
      const kind = isMdns ? 2 : address.length === 4 ? 0 : 1;
      return join(number((type === "host" ? 0 : 3) + kind, 1), address, number(port, 2));
    }),
  );
}

function codeText(content: Uint8Array): string {
  const whole = join(content, sha256("kith/pair-checksum/1", content).slice(0, 4));
  return `Kith pair ${Buffer.from(whole).toString("base64url")}`;
}

function offerContent(invite: Uint8Array, description: Uint8Array): Uint8Array {
  return join(number(1, 1), number(1, 1), sized(2, invite), sized(2, description));
}

export const pairOffer = (invite: Uint8Array, description: Uint8Array): string =>
  codeText(offerContent(invite, description));

export const pairOfferId = (invite: Uint8Array, description: Uint8Array): Uint8Array =>
  sha256("kith/pair-offer/1", offerContent(invite, description)).slice(0, 8);

export const pairAnswer = (offerId: Uint8Array, peerKey: Uint8Array, description: Uint8Array): string =>
  codeText(join(number(1, 1), number(2, 1), offerId, peerKey, sized(2, description)));
