/** How far an own message came: an icon, and always the words. */
import { Check, CheckCheck, Clock } from "lucide";
import type { DeliveryState } from "../../core/views.ts";
import { deliveryWords } from "../text/words.ts";
import { Icon } from "./Icon.tsx";

const ICONS = { waiting: Clock, delivered: Check, read: CheckCheck } as const;

function isWhole(state: DeliveryState): state is keyof typeof ICONS {
  return state in ICONS;
}

export function MessageState({ state, contact }: { readonly state: DeliveryState; readonly contact: string }) {
  const look = isWhole(state) ? state : state.startsWith("c") ? "waiting" : "delivered";
  const icon = ICONS[look];
  return (
    <span class={`state state-${look}`}>
      <Icon icon={icon} />
      <span>{deliveryWords(state, contact)}</span>
    </span>
  );
}
