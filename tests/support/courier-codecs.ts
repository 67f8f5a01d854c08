/** What couriers carry, for the fuzz of all decoders: samples, and each decoded and encoded again. */
import { concatBytes } from "../../src/core/codec/bytes.ts";
import { NO_ENTRY } from "../../src/core/codec/entry.ts";
import type { AccountId, ConversationId, DeviceId } from "../../src/core/codec/ids.ts";
import { decodeCard, encodeCard } from "../../src/core/couriers/card.ts";
import {
  decodeDeposit,
  decodeDepositAnswer,
  decodeParcelHead,
  encodeDeposit,
  encodeDepositAnswer,
  encodeParcelHead,
} from "../../src/core/couriers/courier-frames.ts";
import { decodeParcelContent, encodeParcelContent } from "../../src/core/couriers/parcel.ts";
import { decodeReceipt, encodeReceipt } from "../../src/core/couriers/receipt.ts";
import { decodeToken, encodeToken } from "../../src/core/couriers/token.ts";
import { createSuite } from "../../src/core/crypto/real-suite.ts";
import type { Suite } from "../../src/core/crypto/suite.ts";
import type { EntryParts } from "../../src/core/log/entry.ts";

export interface FuzzGround {
  /** Accepts every signature. */
  readonly cheap: Suite;
  /** Signs with whatever stands at the end of these bytes. */
  readonly signedAs: (bytes: Uint8Array) => Suite;
  readonly seed: Uint8Array;
  readonly device: DeviceId;
  readonly other: DeviceId;
  readonly conversation: ConversationId;
  readonly parts: EntryParts;
}

interface CourierCodec {
  readonly samples: readonly Uint8Array[];
  readonly turn: (bytes: Uint8Array) => Uint8Array | undefined;
}

export function courierCodecs(ground: FuzzGround): Readonly<Record<string, CourierCodec>> {
  const { cheap, signedAs, seed, device, other, conversation, parts } = ground;
  const token = {
    courier: "c1".repeat(32),
    depositor: "ee".repeat(32) as AccountId,
    recipient: "dd".repeat(32) as AccountId,
    device,
    parcels: 5,
    bytes: 524_288,
    expiresAt: 1_900_000_000_000,
  };
  const tokenBytes = encodeToken(cheap, seed, token);
  const card = {
    device,
    number: 7,
    holder: token.depositor,
    carries: true,
    keyNumber: 1,
    publicKey: createSuite().kemPublicKey(seed),
  };
  const cardOwner = { account: token.recipient, holder: token.depositor, logKeyOf: () => seed };

  return {
    token: {
      samples: [tokenBytes],
      turn: (bytes) => encodeToken(signedAs(bytes), seed, decodeToken(bytes)),
    },
    card: {
      samples: [
        encodeCard(cheap, seed, { ...card, tokens: [] }),
        encodeCard(cheap, seed, { ...card, tokens: [tokenBytes, tokenBytes] }),
      ],
      turn: (bytes) => encodeCard(signedAs(bytes), seed, decodeCard(cheap, cardOwner, bytes)),
    },
    "parcel content": {
      samples: [
        encodeParcelContent({
          conversation,
          clock: new Uint8Array(0),
          envelopes: [],
          entries: [],
          letters: new Uint8Array(0),
        }),
        encodeParcelContent({
          conversation,
          clock: seed,
          envelopes: [{ entry: NO_ENTRY, bytes: new Uint8Array(1168) }],
          entries: [parts, parts],
          letters: seed,
        }),
      ],
      turn: (bytes) => encodeParcelContent(decodeParcelContent(bytes)),
    },
    receipt: {
      samples: [
        encodeReceipt(cheap, seed, { parcel: other, device, isTaken: true, sealedClock: seed }),
        encodeReceipt(cheap, seed, { parcel: other, device, isTaken: false, sealedClock: new Uint8Array(0) }),
      ],
      turn: (bytes) => encodeReceipt(signedAs(bytes), seed, decodeReceipt(bytes)),
    },
    "frames of couriers": {
      samples: [
        concatBytes(Uint8Array.of(0), encodeDeposit({ id: other, replaced: device, size: 9, token: tokenBytes })),
        concatBytes(Uint8Array.of(0), encodeDeposit({ id: other, replaced: undefined, size: 9, token: tokenBytes })),
        concatBytes(Uint8Array.of(1), encodeDepositAnswer({ id: other, verdict: "held" })),
        concatBytes(Uint8Array.of(2), encodeParcelHead({ id: other, size: 66_676 })),
      ],
      turn(bytes) {
        const payload = bytes.subarray(1);
        const turns = [
          () => encodeDeposit(decodeDeposit(payload)),
          () => encodeDepositAnswer(decodeDepositAnswer(payload)),
          () => encodeParcelHead(decodeParcelHead(payload)),
        ];
        const turn = turns[bytes[0] ?? turns.length];
        return turn === undefined ? undefined : concatBytes(bytes.subarray(0, 1), turn());
      },
    },
  };
}
