/** How a contact is reached, at a glance. The words stand beside it. */
import { Clock, LoaderCircle, MoveHorizontal, Waypoints } from "lucide";
import type { Path } from "../../core/views.ts";
import { Icon, type IconNode } from "./Icon.tsx";

const ICONS: Readonly<Record<Path["kind"], IconNode>> = {
  direct: MoveHorizontal,
  relay: Waypoints,
  peer: Waypoints,
  connecting: LoaderCircle,
  away: Clock,
};

export function PathIcon({ path }: { readonly path: Path }) {
  return <Icon icon={ICONS[path.kind]} class={`path-icon path-${path.kind}`} />;
}
