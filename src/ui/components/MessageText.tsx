/** The text of a message: as written, links underlined and inert until they are clicked. */
import { linkify } from "../text/linkify.ts";

export function MessageText({ text }: { readonly text: string }) {
  return (
    <p class="message-text" dir="auto">
      {linkify(text).map((part, index) =>
        part.kind === "text" ? (
          part.text
        ) : (
          <a key={index} href={part.href} title={part.href} target="_blank" rel="noopener noreferrer" dir="ltr">
            {part.label}
          </a>
        ),
      )}
    </p>
  );
}
