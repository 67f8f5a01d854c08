/** Frames of envelopes that do not come with their entry: carried for others, or asked for (PROTOCOL, Envelopes on the way). */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, hexToBytes } from "../codec/bytes.ts";
import type { DeviceId } from "../codec/ids.ts";
import type { ServedEnvelope } from "../log/serve.ts";
import { ENVELOPE_BYTES } from "./payloads.ts";

/** What fits one frame. */
export const MAX_FRAME_ENVELOPES = 13;
/** Rekeys whose envelopes are asked for at once. */
export const MAX_WANTED_ENVELOPES = 64;

/** A rekey entry, by its place in the control log of its author. */
export interface RekeyPlace {
  readonly device: DeviceId;
  readonly seq: number;
}

/** Envelopes that one rekey entry names. */
export interface EnvelopesFrame extends RekeyPlace {
  readonly envelopes: readonly ServedEnvelope[];
}

/** author 16 | seq 4 | count 1 (1 to 13) | (recipient 16 | envelope 1168)… */
export function encodeEnvelopes({ device, seq, envelopes }: EnvelopesFrame): Uint8Array {
  const writer = new ByteWriter().fixed(hexToBytes(device, 16), 16).uint(seq, 4).uint(envelopes.length, 1);
  for (const { recipient, bytes } of envelopes) {
    writer.fixed(hexToBytes(recipient, 16), 16).fixed(bytes, ENVELOPE_BYTES);
  }
  return writer.finish();
}

/** @throws DecodeError */
export function decodeEnvelopes(bytes: Uint8Array): EnvelopesFrame {
  const reader = new ByteReader(bytes);
  const { device, seq } = readPlace(reader);
  const envelopes = Array.from({ length: reader.uint(1, MAX_FRAME_ENVELOPES) }, () => ({
    recipient: readDevice(reader),
    bytes: reader.fixed(ENVELOPE_BYTES),
  }));
  reader.end();
  return { device, seq, envelopes };
}

/** count 1 (1 to 64) | (author 16 | seq 4)… */
export function encodeEnvelopesWanted(places: readonly RekeyPlace[]): Uint8Array {
  const writer = new ByteWriter().uint(places.length, 1);
  for (const { device, seq } of places) writer.fixed(hexToBytes(device, 16), 16).uint(seq, 4);
  return writer.finish();
}

/** @throws DecodeError */
export function decodeEnvelopesWanted(bytes: Uint8Array): readonly RekeyPlace[] {
  const reader = new ByteReader(bytes);
  const places = Array.from({ length: reader.uint(1, MAX_WANTED_ENVELOPES) }, () => readPlace(reader));
  reader.end();
  return places;
}

function readPlace(reader: ByteReader): RekeyPlace {
  return { device: readDevice(reader), seq: reader.uint(4) };
}

function readDevice(reader: ByteReader): DeviceId {
  return bytesToHex(reader.fixed(16)) as DeviceId;
}
