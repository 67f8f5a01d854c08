/** The list of conversations, how this device is reached, and the way to a new conversation. */
import { Settings } from "lucide";
import type { AppModel } from "../../state/app.ts";
import { EmptyState } from "../components/EmptyState.tsx";
import { IconButton } from "../components/IconButton.tsx";
import { NetworkStatus } from "../components/NetworkStatus.tsx";
import { ThreadRow } from "../components/ThreadRow.tsx";
import { Later } from "../LazyDialogs.tsx";

export function ListPane({ app }: { readonly app: AppModel }) {
  const threads = app.threads.list.value;
  const isEmpty = threads.length === 0;
  const isNarrow = app.viewport.isNarrow.value;
  return (
    <div class="list-pane">
      <header class="list-head">
        <h1>Kith</h1>
        <IconButton icon={Settings} label="Settings" onClick={app.navigation.openSettings} />
      </header>
      <NetworkStatus app={app} place="list" />
      <nav class="list" aria-label="Conversations">
        <Later app={app} at="list" />
        {!isEmpty && (
          <ul>
            {threads.map((thread) => (
              <ThreadRow key={thread.id} app={app} thread={thread} />
            ))}
          </ul>
        )}
        {isEmpty && isNarrow && <EmptyState app={app} />}
        {isEmpty && !isNarrow && <p class="quiet list-empty">Your conversations will stand here.</p>}
      </nav>
      {!isEmpty && <Later app={app} at="install" />}
      <div class="list-foot">
        <button
          type="button"
          class={`wide-button ${isEmpty ? "secondary" : "primary"}`}
          onClick={() => app.openDialog("new-conversation")}
        >
          New conversation
        </button>
      </div>
    </div>
  );
}
