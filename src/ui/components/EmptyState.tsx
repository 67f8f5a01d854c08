/** Nothing here yet: the way to the first conversation. */
import type { AppModel } from "../../state/app.ts";
import { Logo } from "./Logo.tsx";

export function EmptyState({ app }: { readonly app: AppModel }) {
  return (
    <div class="empty">
      <Logo size="large" />
      <h2>Start with one person</h2>
      <p>Send a friend an invite link. When they open it, you can write to each other; nobody else can.</p>
      <button type="button" class="primary" onClick={() => app.openDialog("invite")}>
        Invite someone
      </button>
    </div>
  );
}
