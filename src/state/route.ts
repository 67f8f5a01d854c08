/** Routes in the hash: `#/` list, `#/c/ID` conversation, `#/settings`, `#i/INVITE` an invite. */
import type { ThreadId } from "../core/views.ts";

export type Route =
  | { readonly kind: "list" }
  | { readonly kind: "conversation"; readonly thread: ThreadId }
  | { readonly kind: "settings" }
  | { readonly kind: "invite"; readonly text: string };

export function parseRoute(hash: string): Route {
  if (hash.startsWith("#i/")) return { kind: "invite", text: hash };
  const conversation = /^#\/c\/([\w-]+)$/.exec(hash)?.[1];
  if (conversation !== undefined) return { kind: "conversation", thread: conversation as ThreadId };
  return hash === "#/settings" ? { kind: "settings" } : { kind: "list" };
}

export function formatRoute(route: Route): string {
  switch (route.kind) {
    case "list":
      return "#/";
    case "conversation":
      return `#/c/${route.thread}`;
    case "settings":
      return "#/settings";
    case "invite":
      return route.text;
  }
}
