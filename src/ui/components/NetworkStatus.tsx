/** Whether others can reach this device, in words. In a conversation it takes room only while there is something to say. */
import type { AppModel } from "../../state/app.ts";
import { networkWords } from "../text/network-words.ts";

export function NetworkStatus({ app, place }: { readonly app: AppModel; readonly place: "list" | "conversation" }) {
  const { state, reason } = networkWords(app.network.value, app.isNetworkSlow.value);
  const isQuiet = place === "conversation" && state === "Online";
  return (
    <div
      class={`network network-${place} network-${state.toLowerCase()} ${isQuiet ? "visually-hidden" : ""}`}
      role="status"
      aria-label="Network"
    >
      <span class="dot" aria-hidden="true" />
      <span>
        <span class="network-state">{state}</span> · {reason}
      </span>
    </div>
  );
}
