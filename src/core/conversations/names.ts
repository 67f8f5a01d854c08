/** Names and texts that come from other people, made harmless to show. */
import { cutToBytes } from "../codec/bytes.ts";
import { MAX_GROUP_NAME_BYTES, MAX_NAME_BYTES } from "../codec/limits.ts";

/** Control characters, line breaks, bidirectional and invisible formatting (Unicode categories Cc, Cf, Zl, Zp, Co, Cs). */
const UNSAFE_IN_NAMES = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;
/** Characters that take no ink: joiners, fillers, variation selectors, the empty braille cell. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800]/gu;
/** Printable ASCII with single spaces inside: nothing in it needs making harmless, and most names are so. */
const PLAIN_NAME = /^[!-~]+(?: [!-~]+)*$/;
/** Joins emoji and letters of some scripts: kept between two other characters. */
const ZERO_WIDTH_JOINERS = /(?<=[^\s\u200c\u200d])[\u200c\u200d](?=[^\s\u200c\u200d])/gu;
const JOINER_KEEPERS: Readonly<Record<string, string>> = { "\u200c": "\ue000", "\u200d": "\ue001" };

/** A name on one line without characters that steer the text around it; "" when nothing is left. At most `limit` bytes of UTF-8. */
export function safeName(name: string, limit: number = MAX_NAME_BYTES): string {
  const cut = cutToBytes(PLAIN_NAME.test(name) ? name : cleaned(name), limit).trim();
  return lookOf(cut) === "" ? "" : cut;
}

function cleaned(name: string): string {
  const parts = name
    .replace(/[\ue000\ue001]/g, "")
    .replace(ZERO_WIDTH_JOINERS, (joiner) => JOINER_KEEPERS[joiner] ?? "");
  return parts
    .replace(/\s+/gu, " ")
    .replace(UNSAFE_IN_NAMES, (character) =>
      character === "\ue000" ? "\u200c" : character === "\ue001" ? "\u200d" : "",
    )
    .trim();
}

/** A group's name is longer than a person's. */
export function safeGroupName(name: string): string {
  return safeName(name, MAX_GROUP_NAME_BYTES);
}

/** What is left of a name when only what can be seen counts, so that names that look the same compare as the same. */
export function lookOf(name: string): string {
  if (PLAIN_NAME.test(name)) return name.toLowerCase();
  return name.normalize("NFKC").replace(INVISIBLE, "").replace(/\s+/gu, " ").trim().toLowerCase();
}

/** Shown for a contact whose name has nothing that can be shown. */
export const NAMELESS = "Someone";

/** Four characters of an account id that tell contacts of one name apart. */
export function accountTag(account: string): string {
  return account.slice(0, 4);
}
