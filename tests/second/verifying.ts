/** Safety numbers and on-screen codes: *Safety number* and *Verifying*. */
import { compare, join, number } from "./bytes.ts";
import { hmac, sha256 } from "./primitives.ts";

const ROUNDS = 5200;

function thirtyDigits(account: Uint8Array): string {
  let hash = sha256("kith/safety-number/1", account);
  for (let round = 2; round <= ROUNDS; round += 1) hash = sha256(hash, account);
  return Array.from({ length: 6 }, (_, group) => {
    const value = BigInt(`0x${Buffer.from(hash.subarray(group * 5, group * 5 + 5)).toString("hex")}`);
    return (value % 100_000n).toString().padStart(5, "0");
  }).join("");
}

/** 60 digits, the same from both sides. */
export function safetyNumber(one: Uint8Array, other: Uint8Array): string {
  return [one, other].toSorted(compare).map(thirtyDigits).join("");
}

export function codeText(shower: Uint8Array, reader: Uint8Array, secret: Uint8Array): string {
  const content = join(number(1, 1), shower, reader, secret);
  const all = join(content, sha256("kith/verify-code/1", content).slice(0, 4));
  return `Kith code ${Buffer.from(all).toString("base64url")}`;
}

export function codeRead(
  secret: Uint8Array,
  shower: Uint8Array,
  reader: Uint8Array,
  readerPeerKey: Uint8Array,
  showerPeerKey: Uint8Array,
): Uint8Array {
  return hmac(secret, "kith/code-read/1", shower, reader, readerPeerKey, showerPeerKey);
}
