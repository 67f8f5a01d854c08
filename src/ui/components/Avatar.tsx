/** Initials on a colour that stays the same for one person. Decoration: the name stands beside it. */
import { colourOf, initialsOf } from "../text/avatar-look.ts";

export function Avatar({ id, name }: { readonly id: string; readonly name: string }) {
  return (
    <span class={`avatar avatar-${colourOf(id)}`} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
