/**
 * The recovery code: 128 random bits and 12 bits of checksum as 28 characters of Crockford's base32, in groups of four. Read leniently: any
 * case, spaces or dashes anywhere, O for 0, I and L for 1.
 */
import { labelledHash } from "../crypto/at-rest.ts";
import { concatBytes, equalBytes } from "../codec/bytes.ts";

export const RECOVERY_BYTES = 16;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH = 28;
const GROUP = 4;
const BITS_PER_CHARACTER = 5;

/** 16 bytes as "XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX". */
export function formatRecoveryCode(secret: Uint8Array): string {
  const bytes = concatBytes(secret, checksum(secret));
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  // 18 bytes are 144 bits, of which the code takes the first 140.
  bits >>= 4n;
  let code = "";
  for (let at = CODE_LENGTH - 1; at >= 0; at -= 1) {
    code += ALPHABET[Number((bits >> BigInt(at * BITS_PER_CHARACTER)) & 31n)] ?? "";
    if (at % GROUP === 0 && at > 0) code += "-";
  }
  return code;
}

/** The 16 bytes, or undefined if it is no recovery code: too short, a foreign character, a slip of the pen. */
export function parseRecoveryCode(text: string): Uint8Array | undefined {
  const plain = text.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  if (plain.length !== CODE_LENGTH) return undefined;
  let bits = 0n;
  for (const character of plain) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return undefined;
    bits = (bits << BigInt(BITS_PER_CHARACTER)) | BigInt(value);
  }
  bits <<= 4n;
  const bytes = Uint8Array.from({ length: RECOVERY_BYTES + 2 }, (_, at) =>
    Number((bits >> BigInt(8 * (RECOVERY_BYTES + 1 - at))) & 0xffn),
  );
  const secret = bytes.slice(0, RECOVERY_BYTES);
  return equalBytes(bytes.subarray(RECOVERY_BYTES), checksum(secret)) ? secret : undefined;
}

/** 12 bits, in two bytes. */
function checksum(secret: Uint8Array): Uint8Array {
  const [first = 0, second = 0] = labelledHash("kith/recovery/1", secret);
  return Uint8Array.of(first, second & 0xf0);
}
