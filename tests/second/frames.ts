/** Frames of the peer stream and the payloads of sync: *The peer stream*. */
import { join, number, sized } from "./bytes.ts";
import { hmac } from "./primitives.ts";

export function frameBytes(type: number, session: number, payload: Uint8Array): Uint8Array {
  return join(number(type, 1), number(session, 4), sized(2, payload));
}

export function claimPayload(
  inviteId: Uint8Array,
  bundle: Uint8Array,
  header: Uint8Array,
  signature: Uint8Array,
  body: Uint8Array,
): Uint8Array {
  return join(inviteId, sized(2, bundle), sized(2, header), signature, sized(2, body));
}

export function entryPayload(isLast: boolean, header: Uint8Array, signature: Uint8Array, body: Uint8Array): Uint8Array {
  return join(number(isLast ? 1 : 0, 1), sized(2, header), signature, body);
}

export function helloTag(
  conversation: Uint8Array,
  senderNonce: Uint8Array,
  receiverNonce: Uint8Array,
  senderPeerKey: Uint8Array,
  receiverPeerKey: Uint8Array,
): Uint8Array {
  return hmac(conversation, "kith/hello/1", senderNonce, receiverNonce, senderPeerKey, receiverPeerKey);
}

export type SecondHaveRow = {
  readonly deviceIndex: number;
  readonly channel: number;
  readonly base: number;
  readonly height: number;
  readonly prefix: Uint8Array;
};

export function havePayload(devices: readonly Uint8Array[], rows: readonly SecondHaveRow[]): Uint8Array {
  const encoded = rows.map((row) =>
    join(number(row.deviceIndex, 2), number(row.channel, 1), number(row.base, 4), number(row.height, 4), row.prefix),
  );
  return join(number(0, 1), number(devices.length, 2), ...devices, number(rows.length, 2), ...encoded);
}

export type SecondWantRange = {
  readonly deviceIndex: number;
  readonly channel: number;
  readonly from: number;
  readonly to: number;
};

export function wantPayload(devices: readonly Uint8Array[], ranges: readonly SecondWantRange[]): Uint8Array {
  const encoded = ranges.map((row) =>
    join(number(row.deviceIndex, 2), number(row.channel, 1), number(row.from, 4), number(row.to, 4)),
  );
  return join(number(devices.length, 2), ...devices, number(ranges.length, 2), ...encoded);
}
