/** Initials and a stable colour for a person. */

const AVATAR_COLOURS = 8;

/** One or two letters: of the first and the last word, or the first two of the only word. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s\p{P}]+/u).filter((word) => word !== "");
  const first = words[0] ?? name;
  const last = words.length > 1 ? words.at(-1) : undefined;
  const letters =
    last === undefined ? graphemes(first).slice(0, 2) : [graphemes(first)[0] ?? "", graphemes(last)[0] ?? ""];
  const joined = letters.join("");
  return last === undefined ? joined : joined.toLocaleUpperCase();
}

/** 0 to 7, from the hex digits of an account id. */
export function colourOf(id: string): number {
  let sum = 0;
  for (const char of id.slice(0, 8)) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 65_521;
  return sum % AVATAR_COLOURS;
}

function graphemes(word: string): readonly string[] {
  return Array.from(new Intl.Segmenter().segment(word), (part) => part.segment);
}
