/** Words about messages that are known to exist and cannot be read here. */
import type { MissingView } from "../../core/views.ts";

/** Names that are said; more are counted. */
const MAX_NAMES = 2;
/** Authors that are named. */
const MAX_AUTHORS = 3;
/** As many as core counts. */
const MAX_COUNTED = 1_000;

/** One paragraph for each author, and one for those who are too many to name. */
export function missingWords(missing: readonly MissingView[]): readonly string[] {
  const others = missing.slice(MAX_AUTHORS);
  const named = missing.slice(0, MAX_AUTHORS).flatMap((view) => [...awayWords(view), ...lockedWords(view)]);
  const rest = others.reduce((sum, { away, locked }) => sum + away + locked, 0);
  return rest === 0 ? named : [...named, `${countWords(rest)} from others ${areWords(rest)} not here yet either.`];
}

function awayWords({ author, away, holders, isAuthorIn, isComing }: MissingView): readonly string[] {
  if (away === 0) return [];
  const having = holders.length === 0 ? "" : `; ${listed(holders, "and")} ${has(holders.length)} ${them(away)}`;
  const known = `${countWords(away)} from ${author} ${areWords(away)} not here yet${having}.`;
  const bringers = isAuthorIn ? [author, ...holders] : holders;
  if (isComing) return [`${known} ${away === 1 ? "It is" : "They are"} on ${away === 1 ? "its" : "their"} way.`];
  const whom = bringers.length === 0 ? "somebody who has " + them(away) : listed(bringers, "or");
  return [`${known} ${away === 1 ? "It comes" : "They come"} when you meet ${whom}.`];
}

function lockedWords({ author, locked }: MissingView): readonly string[] {
  if (locked === 0) return [];
  const what = locked === 1 ? "its key" : "their keys";
  return [
    `${countWords(locked)} from ${author} ${areWords(locked)} here and cannot be read yet. Kith asks for ${what} whenever it meets somebody who has ${them(locked)}.`,
  ];
}

function countWords(count: number): string {
  if (count >= MAX_COUNTED) return "More than 999 messages";
  return count === 1 ? "1 message" : `${count} messages`;
}

function areWords(count: number): string {
  return count === 1 ? "is" : "are";
}

function them(count: number): string {
  return count === 1 ? "it" : "them";
}

function has(count: number): string {
  return count === 1 ? "has" : "have";
}

function listed(names: readonly string[], word: "and" | "or"): string {
  const rest = names.length - MAX_NAMES;
  if (rest > 0) return `${names.slice(0, MAX_NAMES).join(", ")} ${word} ${rest} more`;
  return names.join(` ${word} `);
}
