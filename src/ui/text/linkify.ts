/**
 * Finds links in a message. What a link shows is where it leads: a label whose host is not literally the real one (user info in front,
 * letters of other scripts, escapes) gives way to the address as the browser understands it, host in ASCII.
 */

export type TextPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly href: string; readonly label: string };

const CANDIDATE =
  /\b(?:https?:\/\/|mailto:|www\.)[^\s<>"\u0000-\u001f\u007f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/giu;
const TRAILING = /[.,;:!?'’”»*_~]+$/u;
const BRACKETS: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
const ALLOWED = new Set(["http:", "https:", "mailto:"]);

export function linkify(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const raw = withoutTail(match[0]);
    const link = readLink(raw);
    if (link === undefined) continue;
    if (match.index > end) parts.push({ kind: "text", text: text.slice(end, match.index) });
    parts.push(link);
    end = match.index + raw.length;
  }
  if (end < text.length) parts.push({ kind: "text", text: text.slice(end) });
  return parts;
}

function readLink(raw: string): TextPart | undefined {
  const address = /^www\./i.test(raw) ? `https://${raw}` : raw;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !ALLOWED.has(url.protocol)) return undefined;
  if (url.protocol === "mailto:") {
    return url.pathname.includes("@") ? { kind: "link", href: url.href, label: raw } : undefined;
  }
  if (url.hostname === "") return undefined;
  url.username = "";
  url.password = "";
  const shown = address.toLowerCase();
  const real = `${url.protocol}//${url.host}`;
  const next = shown.charAt(real.length);
  const isHonest = shown.startsWith(real) && (next === "" || "/?#".includes(next));
  return { kind: "link", href: url.href, label: isHonest ? raw : url.href };
}

/** Punctuation after a link belongs to the sentence, and so does a bracket that was opened before the link. */
function withoutTail(raw: string): string {
  let link = raw;
  for (;;) {
    const trimmed = link.replace(TRAILING, "");
    const last = trimmed.at(-1) ?? "";
    const opening = BRACKETS[last];
    const isUnbalanced = opening !== undefined && trimmed.split(opening).length < trimmed.split(last).length;
    const next = isUnbalanced ? trimmed.slice(0, -1) : trimmed;
    if (next === link) return link;
    link = next;
  }
}
