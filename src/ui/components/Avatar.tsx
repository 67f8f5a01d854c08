/** Initials on a colour that stays the same for one person or group. Decoration: the name stands beside it. */
import type { ComponentChildren } from "preact";
import type { ThreadView } from "../../core/views.ts";
import { colourOf, initialsOf } from "../text/avatar-look.ts";

export interface AvatarProps {
  readonly id: string;
  readonly name: string;
  readonly kind?: ThreadView["kind"];
  /** Drawn over the initials. */
  readonly children?: ComponentChildren;
}

export function Avatar({ id, name, kind, children }: AvatarProps) {
  return (
    <span class={`avatar avatar-${colourOf(id)} avatar-${kind}`} aria-hidden="true">
      {initialsOf(name)}
      {children}
    </span>
  );
}
