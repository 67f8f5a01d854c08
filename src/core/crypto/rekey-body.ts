/**
 * The bodies of rekey entries (PROTOCOL, Rekey). A rekey begins an epoch of its author: it commits to the seed, brings the
 * author's next key package and names the envelopes. What one entry does not hold is in a second one right behind it.
 */
import { ByteReader } from "../codec/byte-reader.ts";
import { ByteWriter } from "../codec/byte-writer.ts";
import { bytesToHex, equalBytes, hexToBytes } from "../codec/bytes.ts";
import { DecodeError } from "../codec/decode-error.ts";
import { MAX_BODY_BYTES } from "../codec/entry.ts";
import type { DeviceId } from "../codec/ids.ts";
import { decodeKeyPackage, KEY_PACKAGE_BYTES, type KeyPackage, type PackageOwner } from "./key-package.ts";
import type { Suite } from "./suite.ts";

/** Of both parts of a rekey together. */
export const MAX_RECIPIENTS = 500;

const FIRST_PART = 0;
const SECOND_PART = 1;
const FRAME_BYTES = 4 + 32 + 1 + 2;
const RECIPIENT_BYTES = 16 + 4 + 32;
/** 249: what the first part holds beside the key package. */
export const FIRST_PART_RECIPIENTS = Math.floor((MAX_BODY_BYTES - FRAME_BYTES - KEY_PACKAGE_BYTES) / RECIPIENT_BYTES);

export interface Recipient {
  readonly device: DeviceId;
  /** Number of the recipient's key package that the envelope is sealed to. */
  readonly keyNumber: number;
  /** SHA-256 of the envelope, 32 bytes. */
  readonly envelopeHash: Uint8Array;
}

export interface Rekey {
  /** From 1, one more than the author's last. */
  readonly epoch: number;
  /** `seedCommitment`, 32 bytes. */
  readonly commitment: Uint8Array;
  /** As `encodeKeyPackage` gave it. */
  readonly keyPackage: Uint8Array;
  /** In any order, each device once. */
  readonly recipients: readonly Recipient[];
}

/** What one entry says. */
export interface RekeyPart {
  readonly epoch: number;
  readonly commitment: Uint8Array;
  /** In the first part only. */
  readonly keyPackage: KeyPackage | undefined;
  /** Sorted by device. */
  readonly recipients: readonly Recipient[];
}

/**
 * One body, or two to be appended one right after the other.
 *
 *     first part  = epoch 4 | seed commitment 32 | 0 | key package 1332 | count 2 (at most 249) | recipient …
 *     second part = epoch 4 | seed commitment 32 | 1 | count 2 (1 to 251) | recipient …
 *     recipient   = device 16 | key number 4 | SHA-256 of its envelope 32, sorted by device over both parts
 *
 * @throws RangeError for more than MAX_RECIPIENTS, a device that is named twice, or a number 0.
 */
export function encodeRekeyBodies(rekey: Rekey): Uint8Array[] {
  const recipients = rekey.recipients.toSorted((a, b) => (a.device < b.device ? -1 : 1));
  if (recipients.length > MAX_RECIPIENTS) throw new RangeError("too many recipients");
  if (recipients.some(({ device }, index) => device === recipients[index - 1]?.device)) {
    throw new RangeError("a recipient is named twice");
  }
  const first = partWriter(rekey, FIRST_PART).fixed(rekey.keyPackage, KEY_PACKAGE_BYTES);
  writeRecipients(first, recipients.slice(0, FIRST_PART_RECIPIENTS));
  if (recipients.length <= FIRST_PART_RECIPIENTS) return [first.finish()];
  const second = partWriter(rekey, SECOND_PART);
  writeRecipients(second, recipients.slice(FIRST_PART_RECIPIENTS));
  return [first.finish(), second.finish()];
}

/** @throws DecodeError for what `encodeRekeyBodies` would not have produced, or a key package that is not its author's. */
export function decodeRekeyBody(suite: Suite, author: PackageOwner, body: Uint8Array): RekeyPart {
  if (body.length > MAX_BODY_BYTES) throw new DecodeError("body is too long");
  const reader = new ByteReader(body);
  const epoch = reader.uint(4);
  if (epoch === 0) throw new DecodeError("epochs begin at 1");
  const commitment = reader.fixed(32);
  const isFirst = reader.uint(1, SECOND_PART) === FIRST_PART;
  const packageBytes = isFirst ? reader.fixed(KEY_PACKAGE_BYTES) : undefined;
  const most = isFirst ? FIRST_PART_RECIPIENTS : MAX_RECIPIENTS - FIRST_PART_RECIPIENTS;
  const recipients = readRecipients(reader, most);
  reader.end();
  if (!isFirst && recipients.length === 0) throw new DecodeError("a second part without recipients");
  const keyPackage = packageBytes === undefined ? undefined : decodeKeyPackage(suite, author, packageBytes);
  return { epoch, commitment, keyPackage, recipients };
}

/** Whether `second`, from the entry right behind that of `first`, belongs to the same rekey. If not, it is void. */
export function isSecondPart(first: RekeyPart, second: RekeyPart): boolean {
  const last = first.recipients.at(-1);
  const next = second.recipients[0];
  return (
    first.keyPackage !== undefined &&
    second.keyPackage === undefined &&
    first.epoch === second.epoch &&
    equalBytes(first.commitment, second.commitment) &&
    first.recipients.length === FIRST_PART_RECIPIENTS &&
    last !== undefined &&
    next !== undefined &&
    last.device < next.device
  );
}

function partWriter(rekey: Rekey, part: number): ByteWriter {
  if (rekey.epoch === 0) throw new RangeError("epochs begin at 1");
  return new ByteWriter().uint(rekey.epoch, 4).fixed(rekey.commitment, 32).uint(part, 1);
}

function writeRecipients(writer: ByteWriter, recipients: readonly Recipient[]): void {
  writer.uint(recipients.length, 2);
  for (const { device, keyNumber, envelopeHash } of recipients) {
    if (keyNumber === 0) throw new RangeError("key packages are numbered from 1");
    writer.fixed(hexToBytes(device, 16), 16).uint(keyNumber, 4).fixed(envelopeHash, 32);
  }
}

function readRecipients(reader: ByteReader, most: number): readonly Recipient[] {
  const count = reader.uint(2, most);
  const recipients: Recipient[] = [];
  let last = "";
  for (let index = 0; index < count; index += 1) {
    const device = bytesToHex(reader.fixed(16)) as DeviceId;
    if (device <= last) throw new DecodeError("recipients are not sorted");
    last = device;
    const keyNumber = reader.uint(4);
    if (keyNumber === 0) throw new DecodeError("key packages are numbered from 1");
    recipients.push({ device, keyNumber, envelopeHash: reader.fixed(32) });
  }
  return recipients;
}
