/**
 * Messages of STUN (RFC 8489) as far as a server needs them that only tells its clients the address they come from: the binding request
 * and the two answers to it.
 */
import { isIPv4 } from "node:net";
import { crc32 } from "node:zlib";

const HEADER_BYTES = 20;
/** A request holds no more than fits an unfragmented packet on any path (RFC 8489, section 6.1). */
const MAX_REQUEST_BYTES = 548;
const ATTRIBUTE_HEADER_BYTES = 4;
const MAGIC_COOKIE = 0x21_12_a4_42;
const COOKIE_OFFSET = 4;
const ID_OFFSET = 8;
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const BINDING_ERROR = 0x0111;
const ERROR_CODE = 0x0009;
const UNKNOWN_ATTRIBUTES = 0x000a;
const XOR_MAPPED_ADDRESS = 0x0020;
const FINGERPRINT = 0x8028;
const FINGERPRINT_BYTES = 4;
const FINGERPRINT_XOR = 0x53_54_55_4e;
/** Attributes from here on may be skipped by who does not know them. */
const FIRST_OPTIONAL = 0x8000;
/** Of credentials, which nobody is asked for here: USERNAME, MESSAGE-INTEGRITY, REALM, NONCE, MESSAGE-INTEGRITY-SHA256, USERHASH. */
const IGNORED: ReadonlySet<number> = new Set([0x0006, 0x0008, 0x0014, 0x0015, 0x001c, 0x001e]);
/** 420 Unknown Attribute, without words: an answer is not to be much larger than what it answers. */
const UNKNOWN_ATTRIBUTE_ERROR = Buffer.of(0, 0, 4, 20);
const IPV4 = 1;
const IPV6 = 2;

export interface BindingRequest {
  /** 12 bytes. */
  readonly transactionId: Buffer;
  /** Attributes it may not be answered without understanding. */
  readonly unknown: readonly number[];
  /** Whether it carries a fingerprint, so that the answer should. */
  readonly hasFingerprint: boolean;
}

/** Undefined for whatever is not a well-formed binding request with, where there is one, the right fingerprint. */
export function decodeBindingRequest(packet: Buffer): BindingRequest | undefined {
  if (packet.length < HEADER_BYTES || packet.length > MAX_REQUEST_BYTES) return undefined;
  const isRequest = packet.readUInt16BE(0) === BINDING_REQUEST && packet.readUInt32BE(COOKIE_OFFSET) === MAGIC_COOKIE;
  if (!isRequest || packet.readUInt16BE(2) !== packet.length - HEADER_BYTES) return undefined;
  const unknown = new Set<number>();
  let hasFingerprint = false;
  for (let offset = HEADER_BYTES; offset < packet.length;) {
    // The fingerprint is the last of all.
    if (hasFingerprint || offset + ATTRIBUTE_HEADER_BYTES > packet.length) return undefined;
    const type = packet.readUInt16BE(offset);
    const length = packet.readUInt16BE(offset + 2);
    const end = offset + ATTRIBUTE_HEADER_BYTES + padded(length);
    if (end > packet.length) return undefined;
    if (type === FINGERPRINT) {
      const isRight =
        length === FINGERPRINT_BYTES && packet.readUInt32BE(end - length) === fingerprintOf(packet, offset);
      if (!isRight) return undefined;
      hasFingerprint = true;
    } else if (type < FIRST_OPTIONAL && !IGNORED.has(type)) unknown.add(type);
    offset = end;
  }
  const transactionId = Buffer.from(packet.subarray(ID_OFFSET, HEADER_BYTES));
  return { transactionId, unknown: [...unknown], hasFingerprint };
}

/** The answer to a request that came from this address and port: where it came from, or which attributes are not understood. */
export function encodeBindingAnswer(request: BindingRequest, address: string, port: number): Buffer {
  const { transactionId, unknown, hasFingerprint } = request;
  const isError = unknown.length > 0;
  const attributes = isError
    ? [attribute(ERROR_CODE, UNKNOWN_ATTRIBUTE_ERROR), attribute(UNKNOWN_ATTRIBUTES, uint16s(unknown))]
    : [attribute(XOR_MAPPED_ADDRESS, xorMappedAddress(transactionId, address, port))];
  const body = Buffer.concat(attributes);
  const fingerprintBytes = hasFingerprint ? ATTRIBUTE_HEADER_BYTES + FINGERPRINT_BYTES : 0;
  const header = Buffer.alloc(ID_OFFSET);
  header.writeUInt16BE(isError ? BINDING_ERROR : BINDING_SUCCESS, 0);
  // The fingerprint is of a header that counts it.
  header.writeUInt16BE(body.length + fingerprintBytes, 2);
  header.writeUInt32BE(MAGIC_COOKIE, COOKIE_OFFSET);
  const message = Buffer.concat([header, transactionId, body]);
  if (!hasFingerprint) return message;
  const sum = Buffer.alloc(FINGERPRINT_BYTES);
  sum.writeUInt32BE(fingerprintOf(message, message.length), 0);
  return Buffer.concat([message, attribute(FINGERPRINT, sum)]);
}

/** RFC 8489, section 14.2: port and address, hidden from devices that rewrite addresses wherever they see them. */
function xorMappedAddress(transactionId: Buffer, address: string, port: number): Buffer {
  const bytes = isIPv4(address) ? ipv4Bytes(address) : ipv6Bytes(address);
  const key = Buffer.alloc(COOKIE_OFFSET);
  key.writeUInt32BE(MAGIC_COOKIE, 0);
  const mask = Buffer.concat([key, transactionId]);
  const value = Buffer.alloc(COOKIE_OFFSET + bytes.length);
  value.writeUInt8(isIPv4(address) ? IPV4 : IPV6, 1);
  value.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  for (const [index, byte] of bytes.entries()) value[COOKIE_OFFSET + index] = byte ^ (mask[index] ?? 0);
  return value;
}

/** RFC 8489, section 14.7: CRC-32 of all before it. */
function fingerprintOf(message: Buffer, end: number): number {
  return (crc32(message.subarray(0, end)) ^ FINGERPRINT_XOR) >>> 0;
}

function attribute(type: number, value: Buffer): Buffer {
  const header = Buffer.alloc(ATTRIBUTE_HEADER_BYTES);
  header.writeUInt16BE(type, 0);
  header.writeUInt16BE(value.length, 2);
  return Buffer.concat([header, value, Buffer.alloc(padded(value.length) - value.length)]);
}

function uint16s(values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 0xff)));
}

/** To a multiple of four. */
function padded(length: number): number {
  return (length + 3) & ~3;
}

function ipv4Bytes(address: string): Buffer {
  return Buffer.from(address.split(".").map(Number));
}

/** Sixteen bytes of an address that the system wrote, so a well-formed one; a zone ("%eth0") is left out. */
function ipv6Bytes(address: string): Buffer {
  const [text = ""] = address.split("%");
  const [head = "", tail] = text.split("::");
  const before = groups(head);
  const after = groups(tail ?? "");
  const missing = Buffer.alloc(Math.max(0, 16 - before.length - after.length));
  return Buffer.concat([before, missing, after]).subarray(0, 16);
}

function groups(text: string): Buffer {
  const parts = text === "" ? [] : text.split(":");
  return Buffer.concat(parts.map((part) => (isIPv4(part) ? ipv4Bytes(part) : uint16s([Number.parseInt(part, 16)]))));
}
