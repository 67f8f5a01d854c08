/** The list and the open conversation: side by side, or one at a time on a narrow screen. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { AppModel } from "../../state/app.ts";
import { EmptyState } from "../components/EmptyState.tsx";
import { Logo } from "../components/Logo.tsx";
import { LazyDialogs } from "../LazyDialogs.tsx";
import { ConversationPane } from "./ConversationPane.tsx";
import { ListPane } from "./ListPane.tsx";

export function MainScreen({ app }: { readonly app: AppModel }) {
  const conversation = app.conversation.value;
  const thread = conversation === undefined ? undefined : app.threads.get(conversation.thread);
  const isNarrow = app.viewport.isNarrow.value;
  const left = useRef<string>(undefined);
  useLayoutEffect(() => {
    // Back in the list, focus is on the conversation that was left.
    if (conversation === undefined && left.current !== undefined) {
      document.querySelector<HTMLElement>(`.thread-row[href="#/c/${left.current}"]`)?.focus();
    }
    left.current = conversation?.thread;
  }, [conversation]);
  const pane =
    conversation !== undefined && thread !== undefined ? (
      <ConversationPane key={conversation.thread} app={app} conversation={conversation} thread={thread} />
    ) : undefined;
  return (
    <>
      <a class="skip-link" href="#/" onClick={skipToMain}>
        {pane === undefined ? "Skip to the main area" : "Skip to the message field"}
      </a>
      {isNarrow ? (
        <main id="main" class="shell shell-narrow" tabIndex={-1}>
          {pane ?? <ListPane app={app} />}
        </main>
      ) : (
        <div class="shell shell-wide">
          <ListPane app={app} />
          <main id="main" class="main-pane" tabIndex={-1}>
            {pane ?? <NothingOpen app={app} />}
          </main>
        </div>
      )}
      <LazyDialogs app={app} />
    </>
  );
}

function NothingOpen({ app }: { readonly app: AppModel }) {
  if (app.threads.list.value.length === 0) return <EmptyState app={app} />;
  return (
    <div class="empty">
      <Logo size="large" />
      <p>Choose a conversation, or start a new one.</p>
    </div>
  );
}

function skipToMain(event: MouseEvent): void {
  event.preventDefault();
  const main = document.getElementById("main");
  (main?.querySelector<HTMLElement>(".composer-field") ?? main)?.focus();
}
