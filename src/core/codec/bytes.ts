/** Bytes and their text forms. Every function that takes bytes from outside checks sizes first. */
import { base64url } from "multiformats/bases/base64";
import { DecodeError } from "./decode-error.ts";

export const EMPTY_BYTES = new Uint8Array(0);

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Not constant-time: for public bytes only. Secrets are compared by `Suite.equalMacs`. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** By unsigned bytes, a prefix first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const HEX_OF_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function bytesToHex(bytes: Uint8Array): string {
  let hex = "";
  for (const byte of bytes) hex += HEX_OF_BYTE[byte];
  return hex;
}

/** Lower-case hex of a known length in bytes; throws DecodeError for anything else. */
export function hexToBytes(hex: string, length: number): Uint8Array {
  if (hex.length !== length * 2) throw new DecodeError("not hex of the expected length");
  const bytes = new Uint8Array(length);
  // A clock of a large group has a thousand device ids: no pieces of text are made of them.
  for (let index = 0; index < length; index += 1) {
    const value = digitAt(hex, index * 2) * 16 + digitAt(hex, index * 2 + 1);
    if (Number.isNaN(value)) throw new DecodeError("not hex of the expected length");
    bytes[index] = value;
  }
  return bytes;
}

const DIGIT_ZERO = 0x30;
const LETTER_A = 0x61;

/** NaN for what is no lower-case digit. */
function digitAt(hex: string, index: number): number {
  const code = hex.charCodeAt(index);
  if (code >= DIGIT_ZERO && code < DIGIT_ZERO + 10) return code - DIGIT_ZERO;
  return code >= LETTER_A && code < LETTER_A + 6 ? code - LETTER_A + 10 : Number.NaN;
}

/** base64url without padding (RFC 4648 section 5). */
export function bytesToBase64Url(bytes: Uint8Array): string {
  return base64url.baseEncode(bytes);
}

/** Refuses padding, foreign characters and stray bits, so that a value has one text form. */
export function base64UrlToBytes(text: string, maxLength: number): Uint8Array {
  if (text.length > Math.ceil((maxLength * 4) / 3)) throw new DecodeError("base64url text is too long");
  let bytes: Uint8Array;
  try {
    bytes = base64url.baseDecode(text);
  } catch (cause) {
    throw new DecodeError("not base64url", { cause });
  }
  if (bytesToBase64Url(bytes) !== text) throw new DecodeError("base64url text is not canonical");
  return bytes;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8. Lone surrogates become U+FFFD. */
export function textToBytes(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Refuses bytes that are not UTF-8. */
export function bytesToText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new DecodeError("not UTF-8", { cause });
  }
}

/** The longest prefix of whole code points that takes at most `maxBytes` of UTF-8. */
export function cutToBytes(text: string, maxBytes: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += utf8Size(character.codePointAt(0) ?? 0);
    if (bytes > maxBytes) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

/** A lone surrogate becomes U+FFFD, which takes as many bytes as it would. */
function utf8Size(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x1_0000 ? 3 : 4;
}
