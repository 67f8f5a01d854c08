/** How far an own message came: an icon, and always the words. */
import { Check, CheckCheck, Clock } from "lucide";
import type { DeliveryState } from "../../core/views.ts";
import { deliveryWords } from "../text/words.ts";
import { Icon } from "./Icon.tsx";

const ICONS = { waiting: Clock, delivered: Check, read: CheckCheck } as const;

export function MessageState({ state, contact }: { readonly state: DeliveryState; readonly contact: string }) {
  return (
    <span class={`state state-${state}`}>
      <Icon icon={ICONS[state]} />
      <span>{deliveryWords(state, contact)}</span>
    </span>
  );
}
