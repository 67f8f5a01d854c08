/**
 * The safety number of two accounts (PROTOCOL, Safety number): 60 digits that are the same on both sides and that two people
 * compare. Half of it stands for each account; the rounds make a search for an account with a given half 5,200 times dearer.
 */
import { concatBytes, hexToBytes } from "../codec/bytes.ts";
import type { AccountId } from "../codec/ids.ts";
import { domainHash, type Suite } from "./suite.ts";

const ROUNDS = 5_200;
const GROUPS = 6;
const GROUP_BYTES = 5;
const GROUP_DIGITS = 5;
const SAFETY_NUMBER_DOMAIN = "kith/safety-number/1";

/** 60 digits without spaces: 30 of each account, that of the smaller account id first. Takes some tens of milliseconds. */
export function safetyNumber(suite: Suite, one: AccountId, other: AccountId): string {
  const [first, second] = one < other ? [one, other] : [other, one];
  return halfOf(suite, first) + halfOf(suite, second);
}

/**
 * h(1) = SHA-256("kith/safety-number/1" | account id 32); h(n + 1) = SHA-256(h(n) | account id); of h(5200) the first six
 * groups of 5 bytes, each as a number modulo 100,000 in five decimal digits.
 */
function halfOf(suite: Suite, account: AccountId): string {
  const id = hexToBytes(account, 32);
  let hash = domainHash(suite, SAFETY_NUMBER_DOMAIN, id);
  for (let round = 1; round < ROUNDS; round += 1) hash = suite.hash(concatBytes(hash, id));
  let digits = "";
  for (let group = 0; group < GROUPS; group += 1) {
    let value = 0;
    for (const byte of hash.subarray(group * GROUP_BYTES, (group + 1) * GROUP_BYTES)) value = value * 256 + byte;
    digits += String(value % 10 ** GROUP_DIGITS).padStart(GROUP_DIGITS, "0");
  }
  return digits;
}
