/** Beside the name of a contact whom the person verified. */
import { BadgeCheck } from "lucide";
import type { LaterProps } from "../LazyDialogs.tsx";
import { Icon } from "./Icon.tsx";

export function VerifiedMark({ thread }: LaterProps) {
  if (thread?.kind !== "direct" || !thread.contact.isVerified) return null;
  return (
    <span class="verified" title="Verified">
      <Icon icon={BadgeCheck} />
      <span class="visually-hidden">Verified</span>
    </span>
  );
}
